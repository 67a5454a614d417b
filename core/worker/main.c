/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-i18n.h"
#include "base/booru-process.h"
#include "booru-worker.h"

/* booru-worker: the process of one service, started by booru-host only. */
int
main (int argc, char **argv)
{
  booru_process_open_standard_files ();
  booru_process_reset_signals ();
  booru_i18n_init ();
  return booru_worker_main (argc, argv);
}
