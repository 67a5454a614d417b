/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

static int
run (Ctl *ctl, GError **error)
{
  if (booru_host1_call_reload_sync (ctl->host, NULL, error))
    ctl_print_done (ctl, "Reloaded: new processes are running");
  return EX_OK;
}

const CtlVerb ctl_verb_reload = {
  "reload", "", "Reload settings and plugins, and restart the web processes", 0, 0, run,
};
