/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-error.h"

static gboolean
retry (Ctl *ctl, const char *path, GError **error)
{
  return booru_host1_call_retry_sync (ctl->host, g_variant_new_bytestring (path), NULL, error);
}

static int
run (Ctl *ctl, GError **error)
{
  if (ctl->all == (ctl->arguments[0] != NULL))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
                   "Give the files or folders to try again, or --all");
      return EX_OK;
    }
  if (ctl->all && !retry (ctl, "", error))
    return EX_OK;
  for (char **argument = ctl->arguments; *argument; argument++)
    {
      g_autofree char *path = g_canonicalize_filename (*argument, NULL);

      if (!retry (ctl, path, error))
        return EX_OK;
    }
  ctl_print_done (
      ctl,
      "Trying again: “booructl status -f” shows progress, “booructl failures” what still fails");
  return EX_OK;
}

const CtlVerb ctl_verb_retry = {
  "retry", "--all | PATH…", "Retry files that could not be read", 0, G_MAXUINT, run,
};
