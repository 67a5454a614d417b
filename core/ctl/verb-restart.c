/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

static int
run (Ctl *ctl, GError **error)
{
  g_autofree char *names = g_strjoinv (", ", ctl->arguments);

  for (char **name = ctl->arguments; *name; name++)
    if (!booru_host1_call_restart_service_sync (ctl->host, *name, NULL, error))
      return EX_OK;
  ctl_print_done (ctl, "The service %s was replaced", names);
  return EX_OK;
}

const CtlVerb ctl_verb_restart = {
  "restart", "SERVICE…", "Replace the processes of services, new before old", 1, G_MAXUINT, run,
};
