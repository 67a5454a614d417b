/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-guarded.h"

#include "base/booru-paths.h"

static gboolean
has_accounts (const BooruHostConfig *config)
{
  g_autofree char *data_dir = g_strconcat ("--data-dir=", config->data_dir, NULL);
  g_autofree char *database = g_strconcat ("--database=", config->database, NULL);
  const char *command[]
      = { booru_paths_get_accounts_program (), data_dir, database, "check", NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &output,
                     &status, &error))
    g_warning ("Whether there are accounts cannot be found out: %s", error->message);
  else if (g_spawn_check_wait_status (status, NULL))
    return TRUE;
  else
    g_debug ("%s", output);
  return FALSE;
}

gboolean
booru_guarded_check (const BooruHostConfig *config)
{
  const char *header = NULL;

  g_variant_lookup (config->given, "user-header", "&s", &header);
  return (header && *header) || has_accounts (config);
}
