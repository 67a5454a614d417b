/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-i18n.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "base/booru-paths.h"
#include "booru-build-config.h"

#define ENGLISH "en"

extern int _nl_msg_cat_cntr; /* of libintl: raised when the language changes */

static const char *const languages[] = { ENGLISH, BOORU_LANGUAGES NULL };
static const char *current = ENGLISH;

void
booru_i18n_init (void)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, booru_paths_get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE); /* GLib translates nothing where the program has no translation */
}

const char *const *
booru_i18n_get_languages (void)
{
  return languages;
}

const char *
booru_i18n_get_language (void)
{
  return current;
}

static const char *
find_language (const char *code)
{
  for (guint i = 0; languages[i]; i++)
    if (g_ascii_strcasecmp (languages[i], code) == 0)
      return languages[i];
  return NULL;
}

void
booru_i18n_set_language (const char *language)
{
  const char *found = language ? find_language (language) : NULL;

  if (found == NULL)
    found = ENGLISH;
  if (found == current)
    return;
  current = found;
  /* In the locale "C" libintl translates nothing, whatever the language. */
  if (g_str_equal (setlocale (LC_MESSAGES, NULL), "C"))
    setlocale (LC_MESSAGES, "C.UTF-8");
  g_setenv ("LANGUAGE", found, TRUE);
  _nl_msg_cat_cntr++;
}

/* The language that @range, "de-AT", stands for: the same, or the same without its end, or one with
 * another end. NULL: none. */
static const char *
match_range (const char *range)
{
  g_autofree char *code = g_strdelimit (g_strdup (range), "-", '_');
  const char *found = find_language (code);
  gsize length;
  char *end;

  while (found == NULL && (end = strrchr (code, '_')) != NULL)
    {
      *end = '\0';
      found = find_language (code);
    }
  length = strlen (code);
  for (guint i = 0; found == NULL && languages[i]; i++)
    if (g_ascii_strncasecmp (languages[i], code, length) == 0 && languages[i][length] == '_')
      found = languages[i];
  return found;
}

/* Of "de;q=0.5", 0 to 1; 1 without it. */
static double
read_weight (const char *parameters)
{
  const char *q = parameters ? strstr (parameters, "q=") : NULL;

  return q ? CLAMP (g_ascii_strtod (q + 2, NULL), 0, 1) : 1;
}

const char *
booru_i18n_choose_language (const char *accepted)
{
  g_auto (GStrv) ranges = g_strsplit (accepted ? accepted : "", ",", 64);
  const char *best = ENGLISH;
  double best_weight = 0;

  for (guint i = 0; ranges[i]; i++)
    {
      char *parameters = strchr (ranges[i], ';');
      double weight = read_weight (parameters);
      const char *found;

      if (parameters)
        *parameters = '\0';
      found = weight > best_weight ? match_range (g_strstrip (ranges[i])) : NULL;
      if (found)
        {
          best = found;
          best_weight = weight;
        }
    }
  return best;
}

const char *
booru_i18n_translate (const char *text)
{
  return *text ? dgettext (GETTEXT_PACKAGE, text) : text;
}

const char *
booru_i18n_translate_plural (const char *one, const char *many, gulong n)
{
  return dngettext (GETTEXT_PACKAGE, one, many, n);
}
