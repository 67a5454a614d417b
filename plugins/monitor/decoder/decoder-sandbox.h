/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 memory_limit;
  int video_fd;               /* the one file that programs may open; -1: no programs are run */
  const char *const *programs; /* NULL-terminated paths of what may be run; NULL entries are not there */
} DecoderSandboxOptions;

/**
 * decoder_sandbox_enter:
 * @error: BOORU_ERROR_IO if even the limits of setrlimit(2) cannot be set
 *
 * Gives up, for ever and for its children, what decoding does not need: memory beyond the limit,
 * files larger than a thumbnail ever is, new privileges, core dumps, being looked into; by Landlock
 * (Linux 5.13) every path but the system's libraries and fonts, and all writing; by seccomp the
 * network, running programs, changing files by name, and the kernel's rarer doors. Landlock and
 * seccomp are used where they exist: a kernel without them decodes too.
 */
gboolean decoder_sandbox_enter (const DecoderSandboxOptions *options, GError **error);

/* From now on, @seconds more of processor time; SIGXCPU ends the process after that. */
void decoder_sandbox_limit_cpu (guint seconds);

/* Parts of the above, each in its own file. */
int decoder_landlock_get_version (void); /* 0: not there */
gboolean decoder_landlock_enter (const DecoderSandboxOptions *options); /* FALSE: not there */
gboolean decoder_seccomp_enter (gboolean may_run_programs);             /* FALSE: not there */

G_END_DECLS
