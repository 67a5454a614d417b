/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruError:
 *
 * What went wrong, as far as a caller acts differently on it. The message of the GError says what
 * was tried, on what, and what to do.
 */
typedef enum
{
  BOORU_ERROR_FAILED,      /* anything that no caller tells apart */
  BOORU_ERROR_USAGE,       /* options or arguments that make no sense */
  BOORU_ERROR_INVALID,     /* input data that cannot be understood */
  BOORU_ERROR_NOT_FOUND,   /* the thing asked for does not exist */
  BOORU_ERROR_EXISTS,      /* it exists already, or is in use by somebody else */
  BOORU_ERROR_BUSY,        /* temporarily locked; trying again later helps */
  BOORU_ERROR_DENIED,      /* no permission */
  BOORU_ERROR_LIMIT,       /* a limit was reached: size, time, memory, complexity */
  BOORU_ERROR_CONFIG,      /* settings, metadata or installation are wrong */
  BOORU_ERROR_CORRUPT,     /* stored data is damaged */
  BOORU_ERROR_TOO_NEW,     /* stored data was written by a newer version */
  BOORU_ERROR_UNSUPPORTED, /* understood, but not something that this program does */
  BOORU_ERROR_IO,          /* the operating system failed to read or write */
  BOORU_ERROR_CANCELLED,   /* stopped on request */
  BOORU_ERROR_FENCED,      /* the role that this takes was lost to another process */
  BOORU_ERROR_PREEMPTED,   /* stopped to let others pass; asking again helps */
} BooruError;

#define BOORU_ERROR (booru_error_quark ())
GQuark booru_error_quark (void);

gboolean booru_err_notfound (const GError *error);
gboolean booru_err_exists (const GError *error);
gboolean booru_err_busy (const GError *error);
gboolean booru_err_invalid (const GError *error);
gboolean booru_err_denied (const GError *error);
gboolean booru_err_limit (const GError *error);
gboolean booru_err_fenced (const GError *error);

gboolean booru_set_errno_error (GError **error, int errnum, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
int booru_error_to_exit_code (const GError *error);

G_END_DECLS
