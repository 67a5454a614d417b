/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* First thing in main(), before anything keeps a pointer into argv. */
void booru_process_set_title (int argc, char **argv, const char *name);
void booru_process_open_standard_files (void);
void booru_process_reset_signals (void);
void booru_process_die_with_parent (pid_t parent);

G_END_DECLS
