/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-check.h"

static GVariant *
get_rules (BooruConfig *config)
{
  return g_variant_lookup_value (booru_config_to_variant (config), "folder-rules",
                                 G_VARIANT_TYPE ("a(aya{sv})"));
}

static gboolean
check_rules (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  g_autoptr (GVariant) value = get_rules (wanted);
  g_autoptr (GVariant) before = get_rules (current);
  g_autoptr (GPtrArray) rules = NULL;

  if (value == NULL || (before && g_variant_equal (value, before)))
    return TRUE;
  rules = booru_folder_rules_parse (value, error);
  return rules != NULL;
}

gboolean
monitor_check_settings (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  return booru_folders_check (wanted, current, error) && check_rules (wanted, current, error);
}
