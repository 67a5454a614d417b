/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs ffmpeg for a decoder, whose sandbox does not allow starting processes. The launcher is a
 * process started before the sandbox; it never looks at a file, and starts only these programs,
 * each in a sandbox where nothing else can be started. */
#pragma once

#include <sys/types.h>

#include "decoder/protocol/decoder-channel.h"

G_BEGIN_DECLS

/* Exit code if the program could not be started; the reason is on its standard error. */
#define DECODER_LAUNCHER_NOT_RUN 127

/* Call before decoder_sandbox_enter(). @programs: paths that may be run; must stay valid. */
void decoder_launcher_start (const char *const *programs);

/* Call with the first job: prepares the launcher for its file, or ends it if no program may be
 * run. */
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
