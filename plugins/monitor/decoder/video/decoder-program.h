/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Path by which a program opens its standard input as a seekable file. */
#define DECODER_PROGRAM_INPUT "file:/proc/self/fd/0"

/**
 * decoder_program_run:
 * @argv: the program's path and its arguments
 * @input: its standard input
 * @max_output: bytes of output after which it is stopped
 * @max_seconds: of processor time after which it is stopped. What it has written by then counts,
 *   however it ends. 0: as many as this process may take, and it has to end well
 * @error: BOORU_ERROR_INVALID with its last words if it fails, BOORU_ERROR_LIMIT
 *
 * Runs a program that dies with this process, and waits for it.
 *
 * Returns: (transfer full): what it wrote to its standard output
 */
GByteArray *decoder_program_run (const char *const *argv,
                                 int input,
                                 gsize max_output,
                                 guint max_seconds,
                                 GError **error);

G_END_DECLS
