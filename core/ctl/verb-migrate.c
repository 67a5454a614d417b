/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moving the board to another database is booru-backup's work, which links the board. */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  int status;

  if (ctl->to == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
                   "Give the database to move to: “booructl migrate --to=postgresql:…” or "
                   "“--to=sqlite:”");
      return EX_OK;
    }
  g_ptr_array_add (command, g_strdup (booru_paths_get_backup_program ()));
  g_ptr_array_add (command, g_strconcat ("--migrate-to=", ctl->to, NULL));
  if (ctl->from != NULL)
    g_ptr_array_add (command, g_strconcat ("--from=", ctl->from, NULL));
  if (ctl->data_dir != NULL)
    g_ptr_array_add (command, g_strconcat ("--data-dir=", ctl->data_dir, NULL));
  g_ptr_array_add (command, NULL);
  if (!g_spawn_sync (NULL, (char **)command->pdata, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL,
                     NULL, NULL, &status, error))
    return EX_OK;
  return WIFEXITED (status) ? WEXITSTATUS (status) : EX_SOFTWARE;
}

const CtlVerb ctl_verb_migrate = {
  "migrate", "--to=DATABASE", "Move the board to another database; no host may run", 0, 0, run,
  TRUE,
};
