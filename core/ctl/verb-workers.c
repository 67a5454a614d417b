/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-error.h"

static int
run (Ctl *ctl, GError **error)
{
  guint64 workers;

  if (!g_ascii_string_to_unsigned (ctl->arguments[0], 10, 0, G_MAXUINT32, &workers, NULL))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE, "“%s” is not a valid number of workers",
                   ctl->arguments[0]);
      return EX_OK;
    }
  if (booru_host1_call_set_workers_sync (ctl->host, (guint)workers, NULL, error))
    ctl_print_done (ctl, "%u worker%s", (guint)workers, workers == 1 ? "" : "s");
  return EX_OK;
}

const CtlVerb ctl_verb_workers = {
  "workers", "N", "Change the number of web processes", 1, 1, run,
};
