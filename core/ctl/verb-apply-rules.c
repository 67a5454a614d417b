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

  if (!booru_host1_call_apply_rules_sync (ctl->host, g_variant_new_bytestring (folder), NULL,
                                          error))
    return EX_OK;
  ctl_print_done (ctl, "Applying rules, sidecars and keywords to existing posts of %s",
                  *folder ? shown : "all folders");
  return EX_OK;
}

const CtlVerb ctl_verb_apply_rules = {
  "apply-rules", "[FOLDER]", "Apply folder rules and sidecars to existing posts", 0, 1, run,
};
