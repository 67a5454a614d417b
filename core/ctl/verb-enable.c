/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

static int
run (Ctl *ctl, GError **error)
{
  g_autofree char *names = g_strjoinv (", ", ctl->arguments);

  for (char **name = ctl->arguments; *name; name++)
    if (!booru_host1_call_enable_plugin_sync (ctl->host, *name, NULL, error))
      return EX_OK;
  ctl_print_done (ctl, "The plugin %s is enabled", names);
  return EX_OK;
}

const CtlVerb ctl_verb_enable = {
  "enable", "PLUGIN…", "Enable plugins, in the settings and now", 1, G_MAXUINT, run,
};
