/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

static int
run (Ctl *ctl, GError **error)
{
  const char *argument = ctl->arguments[0];
  g_autofree char *folder
      = argument && *argument ? g_canonicalize_filename (argument, NULL) : g_strdup ("");
  g_autofree char *shown = g_filename_display_name (folder);

  if (!booru_host1_call_scan_sync (ctl->host, g_variant_new_bytestring (folder), NULL, error))
    return EX_OK;
  ctl_print_done (ctl, "Scanning %s: “booructl status” shows progress",
                  *folder ? shown : "all folders");
  return EX_OK;
}

const CtlVerb ctl_verb_scan = {
  "scan", "[FOLDER]", "Scan a folder, or all folders, now", 0, 1, run,
};
