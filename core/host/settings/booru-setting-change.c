/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a setting that was changed, for people. */
#include "booru-setting-change.h"

#include "base/booru-paths.h"

static gboolean
is_list (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY)
         || g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY);
}

static GStrv
dup_items (GVariant *list)
{
  return g_variant_is_of_type (list, G_VARIANT_TYPE_STRING_ARRAY)
             ? g_variant_dup_strv (list, NULL)
             : g_variant_dup_bytestring_array (list, NULL);
}

/* What is in @list, but not in @other. */
static void
append_difference (GString *out, const char *word, GVariant *list, GVariant *other)
{
  g_auto (GStrv) items = dup_items (list), others = dup_items (other);
  const char *separator = "";

  for (char **item = items; *item; item++)
    {
      g_autofree char *shown = g_filename_display_name (*item);

      if (g_strv_contains ((const char *const *)others, *item))
        continue;
      if (*separator == '\0')
        g_string_append_printf (out, "%s %s ", out->len ? ";" : "", word);
      g_string_append_printf (out, "%s“%s”", separator, shown);
      separator = ", ";
    }
}

/* A folder that lies in an added one is shown by that one from now on. */
static void
append_covered (GString *out, GVariant *before, GVariant *after)
{
  g_auto (GStrv) known = dup_items (before), folders = dup_items (after);

  for (char **folder = folders; *folder; folder++)
    for (char **inner = known; *inner; inner++)
      if (!g_strv_contains ((const char *const *)known, *folder)
          && booru_paths_is_inside (*inner, *folder))
        {
          g_autofree char *outer_shown = g_filename_display_name (*folder);
          g_autofree char *inner_shown = g_filename_display_name (*inner);

          g_string_append_printf (out,
                                  ". “%s” covers “%s”, which is part of it now. Its rules are kept",
                                  outer_shown, inner_shown);
        }
}

static char *
describe_lists (const char *summary, GVariant *before, GVariant *after)
{
  g_autoptr (GString) change = g_string_new (NULL);

  append_difference (change, "added", after, before);
  append_difference (change, "removed", before, after);
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    append_covered (change, before, after);
  return g_strconcat (summary, " changed", change->len ? ":" : "", change->str, NULL);
}

char *
booru_setting_change_describe (BooruSettings *settings,
                               const char *key,
                               GVariant *before,
                               GVariant *after)
{
  g_autoptr (GVariant) facts = booru_settings_describe (settings, key);
  g_autofree char *printed = NULL, *shown = NULL;
  const char *summary = key;

  g_variant_lookup (facts, "summary", "&s", &summary);
  if (after == NULL)
    return g_strconcat (summary, " reset to the default", NULL);
  if (is_list (after))
    return describe_lists (summary, before, after);
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_BOOLEAN))
    return g_strconcat (summary, g_variant_get_boolean (after) ? ": on" : ": off", NULL);
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_STRING))
    return g_strdup_printf ("%s set to “%s”", summary, g_variant_get_string (after, NULL));
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_BYTESTRING))
    {
      shown = g_filename_display_name (g_variant_get_bytestring (after));
      return g_strdup_printf ("%s set to “%s”", summary, shown);
    }
  if (g_variant_is_container (after))
    return g_strconcat (summary, " changed", NULL);
  printed = g_variant_print (after, FALSE);
  return g_strdup_printf ("%s set to %s", summary, printed);
}
