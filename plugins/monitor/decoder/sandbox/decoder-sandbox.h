/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * decoder_sandbox_limit:
 * @error: BOORU_ERROR_IO if a limit cannot be set
 *
 * Limits this process, and all that it starts, to what decoding may take: files no larger than a
 * thumbnail ever is, few open files, a bounded number of processes, no core dumps, no new
 * privileges. Call before there are threads.
 */
gboolean decoder_sandbox_limit (GError **error);

/**
 * decoder_sandbox_enter:
 *
 * Gives up, for ever, what decoding does not need: by Landlock (Linux 5.13) every path but the
 * system's libraries and fonts, and all writing; by seccomp every call but a list that makes
 * threads and memory and reads files. No process can be started, and no other one reached. Landlock
 * and seccomp are used where they exist: a kernel without them decodes too. Call before there are
 * threads: those would be left out.
 */
void decoder_sandbox_enter (void);

/* Memory, in bytes; 0: unlimited. */
gboolean decoder_sandbox_limit_memory (guint64 limit, GError **error);

/* Allows @seconds more of processor time; then SIGXCPU ends the process. */
void decoder_sandbox_limit_cpu (guint seconds);

/* Parts of the above, each in its own file. */
int decoder_landlock_get_version (void); /* 0: not there */
/* @programs: paths of what may be run; @input: the one file that they may open; or NULL and -1.
 * FALSE: not there. */
gboolean decoder_landlock_enter (const char *const *programs, int input);
gboolean decoder_seccomp_enter (gboolean may_run_program); /* FALSE: not there */

G_END_DECLS
