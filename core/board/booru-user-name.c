/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of users: which there may be, and which are the same. After Unicode's UTS 39, with the
 * letters of Latin, Greek, Cyrillic and Armenian, the scripts that share shapes. */
#include "board/booru-account.h"

#include <string.h>

#include "base/booru-error.h"

/* Letters in lower case, each with the Latin one that it looks like. */
static const struct
{
  gunichar letter;
  const char *looks_like;
} confusables[] = {
  { 0x0131, "i" }, { 0x0142, "l" }, { 0x0251, "a" }, { 0x0261, "g" }, { 0x0269, "i" },
  { 0x026a, "i" }, { 0x1d0f, "o" }, { 0x03b1, "a" }, { 0x03b3, "y" }, { 0x03b5, "e" },
  { 0x03b9, "i" }, { 0x03ba, "k" }, { 0x03bd, "v" }, { 0x03bf, "o" }, { 0x03c1, "p" },
  { 0x03c3, "o" }, { 0x03c4, "t" }, { 0x03c5, "u" }, { 0x03c7, "x" }, { 0x03c9, "w" },
  { 0x03f2, "c" }, { 0x03f3, "j" }, { 0x0430, "a" }, { 0x0432, "b" }, { 0x0433, "r" },
  { 0x0435, "e" }, { 0x043a, "k" }, { 0x043c, "m" }, { 0x043d, "h" }, { 0x043e, "o" },
  { 0x043f, "n" }, { 0x0440, "p" }, { 0x0441, "c" }, { 0x0442, "t" }, { 0x0443, "y" },
  { 0x0445, "x" }, { 0x044a, "b" }, { 0x044c, "b" }, { 0x0455, "s" }, { 0x0456, "i" },
  { 0x0457, "i" }, { 0x0458, "j" }, { 0x0461, "w" }, { 0x0475, "v" }, { 0x04af, "y" },
  { 0x04bb, "h" }, { 0x04c0, "l" }, { 0x04cf, "l" }, { 0x0501, "d" }, { 0x050d, "g" },
  { 0x051b, "q" }, { 0x051d, "w" }, { 0x0561, "w" }, { 0x0563, "q" }, { 0x0566, "q" },
  { 0x0570, "h" }, { 0x0578, "n" }, { 0x057c, "n" }, { 0x057d, "u" }, { 0x0581, "g" },
  { 0x0582, "i" }, { 0x0584, "f" }, { 0x0585, "o" },
};

/* Words of searches ("user:none"), and of paths ("users/new"). */
static const char *const reserved[] = { "any", "none", "me", "self", "new", "visitor", NULL };

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (BOORU_ERROR, BOORU_ERROR_INVALID, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
check_character (gunichar c, GError **error)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return fail (error, "A name must not contain invisible characters");
    case G_UNICODE_SPACE_SEPARATOR:
      return fail (error, "A name must not contain spaces. Use “_” or “-” instead");
    default:
      break;
    }
  if (c < 0x80 && strchr (":,*%\"'()<>&?#/\\~", (int)c))
    return fail (error, "A name must not contain “%c”", (int)c);
  return TRUE;
}

/* Scripts that are written together count as one. */
static GUnicodeScript
get_script (gunichar c)
{
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_INHERITED:
      return G_UNICODE_SCRIPT_COMMON;
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_BOPOMOFO:
      return G_UNICODE_SCRIPT_HAN;
    default:
      return g_unichar_get_script (c);
    }
}

static gboolean
check_characters (const char *name, GError **error)
{
  GUnicodeScript script = G_UNICODE_SCRIPT_COMMON;

  for (const char *at = name; *at; at = g_utf8_next_char (at))
    {
      GUnicodeScript other = get_script (g_utf8_get_char (at));

      if (!check_character (g_utf8_get_char (at), error))
        return FALSE;
      if (other == G_UNICODE_SCRIPT_COMMON || other == script)
        continue;
      if (script != G_UNICODE_SCRIPT_COMMON)
        return fail (error, "“%s” mixes letters of several alphabets. Use those of one", name);
      script = other;
    }
  return TRUE;
}

static void
append_look (GString *key, gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (confusables); i++)
    if (confusables[i].letter == c)
      {
        g_string_append (key, confusables[i].looks_like);
        return;
      }
  g_string_append_unichar (key, c);
}

static char *
make_key (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autofree char *normal = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
  GString *key = g_string_new (NULL);

  for (const char *at = normal; *at; at = g_utf8_next_char (at))
    append_look (key, g_utf8_get_char (at));
  return g_string_free (key, FALSE);
}

char *
booru_user_name_to_key (const char *name, GError **error)
{
  g_autofree char *normal = NULL, *key = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  if (!g_utf8_validate (name, -1, NULL)
      || (normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE)) == NULL)
    {
      fail (error, "A name must be written in UTF-8");
      return NULL;
    }
  if (*normal == '\0' || g_utf8_strlen (normal, -1) > BOORU_USER_NAME_MAX)
    {
      fail (error, "A name has 1 to %d characters", BOORU_USER_NAME_MAX);
      return NULL;
    }
  if (!check_characters (name, error) || !check_characters (normal, error))
    return NULL;
  key = make_key (normal);
  if (g_strv_contains (reserved, key))
    {
      fail (error, "“%s” has a meaning of its own in searches. Choose another name", name);
      return NULL;
    }
  return g_steal_pointer (&key);
}
