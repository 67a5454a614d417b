/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/booru-error.h"
#include "base/booru-i18n.h"
#include "base/booru-log.h"
#include "base/booru-process.h"
#include "booru-host.h"
#include "booru-notify.h"

int
main (int argc, char **argv)
{
  g_autoptr (BooruHostOptions) options = NULL;
  g_autoptr (BooruHost) host = NULL;
  g_autoptr (GError) error = NULL;

  booru_process_open_standard_files ();
  booru_i18n_init ();
  booru_process_set_title (argc, argv, "booru-host");
  booru_notify_init ();

  options = booru_host_options_parse (argc, argv, &error);
  if (options == NULL)
    {
      fprintf (stderr, "booru-host: %s (“booru-host --help” lists the options)\n", error->message);
      return booru_error_to_exit_code (error);
    }

  booru_log_init ("booru-host", options->verbose);
  host = booru_host_new (g_steal_pointer (&options));
  return booru_host_run (host);
}
