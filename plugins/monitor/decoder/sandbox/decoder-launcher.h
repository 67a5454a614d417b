/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs ffmpeg for a decoder, whose sandbox lets it start no process: a process of the decoder's own
 * does, which was there before the sandbox, looks at nothing of a file, and starts only these
 * programs, each in a sandbox in which nothing else can be started. */
#pragma once

#include <sys/types.h>

#include "decoder/protocol/decoder-channel.h"

G_BEGIN_DECLS

/* Exit code where the program itself was not started; it says why on its standard error. */
#define DECODER_LAUNCHER_NOT_RUN 127

/* Before decoder_sandbox_enter(). @programs: paths of what may be run; they stay valid. */
void decoder_launcher_start (const char *const *programs);

/* With the first job: gets the launcher ready for its file, or ends it where no program may be run.
 */
void decoder_launcher_prepare (const DecoderJob *job);

/**
 * decoder_launcher_run:
 * @argv: a program of decoder_launcher_start()'s, and its arguments
 * @fds: its standard input, output and error
 * @max_seconds: of processor time, after which it ends by SIGXCPU; 0: as many as this process has
 * @error: BOORU_ERROR_IO
 *
 * Returns: the number of the program's process, a child of this one; 0 on error
 */
pid_t
decoder_launcher_run (const char *const *argv, const int fds[3], guint max_seconds, GError **error);

G_END_DECLS
