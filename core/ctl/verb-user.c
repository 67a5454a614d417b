/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts are booru-accounts' work, which links the board: with a host or without. */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"

static void
add_option (GPtrArray *command, const char *name, const char *value)
{
  if (value)
    g_ptr_array_add (command, g_strconcat (name, value, NULL));
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  int status;

  g_ptr_array_add (command, g_strdup (booru_paths_get_accounts_program ()));
  add_option (command, "--data-dir=", ctl->data_dir);
  add_option (command, "--settings=", ctl->settings);
  if (ctl->json)
    g_ptr_array_add (command, g_strdup ("--json"));
  g_ptr_array_add (command, g_strdup ("--"));
  for (char **word = ctl->arguments; *word; word++)
    g_ptr_array_add (command, g_strdup (*word));
  g_ptr_array_add (command, NULL);
  if (!g_spawn_sync (NULL, (char **)command->pdata, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL,
                     NULL, NULL, &status, error))
    return EX_OK;
  return WIFEXITED (status) ? WEXITSTATUS (status) : EX_SOFTWARE;
}

const CtlVerb ctl_verb_user = {
  "user", "ACTION [NAME] [LEVEL]", "Add, list and change accounts", 1, 3, run, TRUE,
};
