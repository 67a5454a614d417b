/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruError:
 * @BOORU_ERROR_FAILED: any failure that callers need not tell apart
 * @BOORU_ERROR_USAGE: options or arguments make no sense
 * @BOORU_ERROR_INVALID: input data cannot be understood
 * @BOORU_ERROR_NOT_FOUND: the requested thing does not exist
 * @BOORU_ERROR_EXISTS: it exists already, or is in use by somebody else
 * @BOORU_ERROR_BUSY: temporarily locked; trying again later helps
 * @BOORU_ERROR_DENIED: no permission
 * @BOORU_ERROR_LIMIT: a limit was reached: size, time, memory, complexity
 * @BOORU_ERROR_CONFIG: settings, metadata or the installation are wrong
 * @BOORU_ERROR_CORRUPT: stored data is damaged
 * @BOORU_ERROR_TOO_NEW: stored data was written by a newer version
 * @BOORU_ERROR_UNSUPPORTED: understood, but not something that this program does
 * @BOORU_ERROR_IO: the operating system failed to read or write
 * @BOORU_ERROR_CANCELLED: stopped on request
 * @BOORU_ERROR_FENCED: another process has taken over the role that this needs
 * @BOORU_ERROR_PREEMPTED: stopped to let others pass; asking again helps
 *
 * What went wrong, as far as callers act on it differently. The message of the #GError says what
 * was tried, on what, and what to do.
 */
typedef enum
{
  BOORU_ERROR_FAILED,
  BOORU_ERROR_USAGE,
  BOORU_ERROR_INVALID,
  BOORU_ERROR_NOT_FOUND,
  BOORU_ERROR_EXISTS,
  BOORU_ERROR_BUSY,
  BOORU_ERROR_DENIED,
  BOORU_ERROR_LIMIT,
  BOORU_ERROR_CONFIG,
  BOORU_ERROR_CORRUPT,
  BOORU_ERROR_TOO_NEW,
  BOORU_ERROR_UNSUPPORTED,
  BOORU_ERROR_IO,
  BOORU_ERROR_CANCELLED,
  BOORU_ERROR_FENCED,
  BOORU_ERROR_PREEMPTED,
} BooruError;

/**
 * BOORU_ERROR:
 *
 * The error domain of this library; its codes are #BooruError.
 */
#define BOORU_ERROR (booru_error_quark ())

/**
 * booru_error_quark:
 *
 * Gives the codes their D-Bus names, too.
 *
 * Returns: the error domain
 */
GQuark booru_error_quark (void);

/**
 * booru_err_notfound:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_NOT_FOUND
 */
gboolean booru_err_notfound (const GError *error);

/**
 * booru_err_exists:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_EXISTS
 */
gboolean booru_err_exists (const GError *error);

/**
 * booru_err_busy:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_BUSY
 */
gboolean booru_err_busy (const GError *error);

/**
 * booru_err_invalid:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_INVALID
 */
gboolean booru_err_invalid (const GError *error);

/**
 * booru_err_denied:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_DENIED
 */
gboolean booru_err_denied (const GError *error);

/**
 * booru_err_limit:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_LIMIT
 */
gboolean booru_err_limit (const GError *error);

/**
 * booru_err_fenced:
 * @error: (nullable): an error
 *
 * Returns: whether @error is %BOORU_ERROR_FENCED
 */
gboolean booru_err_fenced (const GError *error);

/**
 * booru_err_file:
 * @error: (nullable): why a file was not decoded
 *
 * Returns: whether @error is the file's fault, so that trying again with the same file is useless
 */
gboolean booru_err_file (const GError *error);

/**
 * booru_set_errno_error:
 * @error: (nullable): where to store the error
 * @errnum: an errno value
 * @format: what was tried, on what; printf style
 * @...: values for @format
 *
 * Sets @error to "WHAT: the system's message for @errnum", with the code that fits.
 *
 * Returns: always %FALSE, so that a caller can return it
 */
gboolean booru_set_errno_error (GError **error, int errnum, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/**
 * booru_error_to_exit_code:
 * @error: (nullable): an error, or %NULL for success
 *
 * Returns: the exit code of sysexits(3) that tells a script what kind of failure @error is
 */
int booru_error_to_exit_code (const GError *error);

G_END_DECLS
