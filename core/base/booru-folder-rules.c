/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-folder-rules.h"

#include <string.h>

#include "base/booru-error.h"

#define KNOWN_OPTIONS                                                                              \
  "'tags': <'…'>, 'rating': <'g'>, 'sidecars': <true>, 'embedded': <true>, "                     \
  "'folder-names': <'last'> and 'exclude': <['*.gif', 'drafts']>"

void
booru_folder_rule_free (BooruFolderRule *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->folder);
  g_free (self->tags);
  g_strfreev (self->exclude);
  g_free (self);
}

static gboolean fail (const BooruFolderRule *rule, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
fail (const BooruFolderRule *rule, GError **error, const char *format, ...)
{
  g_autofree char *folder = g_filename_display_name (rule->folder);
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The rule for the folder “%s”: %s", folder,
               reason);
  return FALSE;
}

static gboolean
take_rating (BooruFolderRule *rule, const char *text, GError **error)
{
  static const char *const words[] = { "general", "sensitive", "questionable", "explicit" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0
        || (g_ascii_tolower (text[0]) == words[i][0] && text[1] == '\0'))
      {
        rule->rating = words[i][0];
        return TRUE;
      }
  return fail (rule, error, "the rating must be g, s, q or e, not “%s”", text);
}

static gboolean
take_names (BooruFolderRule *rule, const char *text, GError **error)
{
  static const char *const words[] = { "", "none", "last", "all" };

  for (guint i = 1; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      {
        rule->names = (BooruFolderNames)i;
        return TRUE;
      }
  return fail (rule, error, "folder-names must be none, last or all, not “%s”", text);
}

/* Slashes at the ends say nothing that the pattern does not: it is below the folder, and what a
 * folder's name matches is left out whole. */
static gboolean
take_exclude (BooruFolderRule *rule, GVariant *value, GError **error)
{
  g_strfreev (rule->exclude);
  rule->exclude = g_variant_dup_strv (value, NULL);
  for (char **pattern = rule->exclude; *pattern != NULL; pattern++)
    {
      gsize length = strlen (*pattern);

      while (length > 0 && (*pattern)[length - 1] == '/')
        (*pattern)[--length] = '\0';
      if (length == 0)
        return fail (rule, error,
                     "an empty pattern would leave out everything; remove the folder instead");
    }
  return TRUE;
}

static gboolean
take_option (BooruFolderRule *rule, const char *name, GVariant *value, GError **error)
{
  gboolean is_text = g_variant_is_of_type (value, G_VARIANT_TYPE_STRING);
  gboolean is_boolean = g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN);

  if (is_text && g_str_equal (name, "tags"))
    {
      g_free (rule->tags);
      rule->tags = g_variant_dup_string (value, NULL);
      return TRUE;
    }
  if (is_text && g_str_equal (name, "rating"))
    return take_rating (rule, g_variant_get_string (value, NULL), error);
  if (is_text && g_str_equal (name, "folder-names"))
    return take_names (rule, g_variant_get_string (value, NULL), error);
  if (g_str_equal (name, "exclude") && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return take_exclude (rule, value, error);
  if (is_boolean && g_str_equal (name, "sidecars"))
    rule->sidecars = g_variant_get_boolean (value);
  else if (is_boolean && g_str_equal (name, "embedded"))
    rule->embedded = g_variant_get_boolean (value);
  else
    {
      g_autofree char *shown = g_variant_print (value, FALSE);

      return fail (rule, error, "'%s': <%s> is not a known option; the options are " KNOWN_OPTIONS,
                   name, shown);
    }
  return TRUE;
}

static BooruFolderRule *
parse_rule (const char *folder, GVariantIter *options, GError **error)
{
  BooruFolderRule *rule = g_new0 (BooruFolderRule, 1);
  g_autoptr (GVariant) value = NULL;
  const char *name;
  gboolean ok = TRUE;

  rule->folder = g_strdup (folder);
  rule->tags = g_strdup ("");
  rule->sidecars = rule->embedded = -1;
  rule->exclude = g_new0 (char *, 1);
  for (gsize length = strlen (rule->folder); length > 1 && rule->folder[length - 1] == '/';)
    rule->folder[--length] = '\0';
  if (folder[0] != '/')
    ok = fail (rule, error, "enter its full path, starting with “/”");
  while (ok && g_variant_iter_next (options, "{&sv}", &name, &value))
    {
      ok = take_option (rule, name, value, error);
      g_clear_pointer (&value, g_variant_unref);
    }
  if (ok)
    return rule;
  booru_folder_rule_free (rule);
  return NULL;
}

GPtrArray *
booru_folder_rules_parse (GVariant *value, GError **error)
{
  g_return_val_if_fail (g_variant_is_of_type (value, G_VARIANT_TYPE ("a(aya{sv})")), NULL);

  g_autoptr (GPtrArray) rules
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_folder_rule_free);
  GVariantIter iter;
  const char *folder;
  GVariantIter *options;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(^&aya{sv})", &folder, &options))
    {
      BooruFolderRule *rule = parse_rule (folder, options, error);

      g_variant_iter_free (options);
      if (rule == NULL)
        return NULL;
      g_ptr_array_add (rules, rule);
    }
  return g_steal_pointer (&rules);
}
