/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-error.h"

#include <errno.h>
#include <gio/gio.h>
#include <sysexits.h>

#include "base/booru-names.h"

static const GDBusErrorEntry dbus_names[] = {
  { BOORU_ERROR_FAILED, BOORU_DBUS_ERROR "Failed" },
  { BOORU_ERROR_USAGE, BOORU_DBUS_ERROR "Usage" },
  { BOORU_ERROR_INVALID, BOORU_DBUS_ERROR "Invalid" },
  { BOORU_ERROR_NOT_FOUND, BOORU_DBUS_ERROR "NotFound" },
  { BOORU_ERROR_EXISTS, BOORU_DBUS_ERROR "Exists" },
  { BOORU_ERROR_BUSY, BOORU_DBUS_ERROR "Busy" },
  { BOORU_ERROR_DENIED, BOORU_DBUS_ERROR "Denied" },
  { BOORU_ERROR_LIMIT, BOORU_DBUS_ERROR "Limit" },
  { BOORU_ERROR_CONFIG, BOORU_DBUS_ERROR "Config" },
  { BOORU_ERROR_CORRUPT, BOORU_DBUS_ERROR "Corrupt" },
  { BOORU_ERROR_TOO_NEW, BOORU_DBUS_ERROR "TooNew" },
  { BOORU_ERROR_UNSUPPORTED, BOORU_DBUS_ERROR "Unsupported" },
  { BOORU_ERROR_IO, BOORU_DBUS_ERROR "IO" },
  { BOORU_ERROR_CANCELLED, BOORU_DBUS_ERROR "Cancelled" },
};

GQuark
booru_error_quark (void)
{
  static gsize quark;

  g_dbus_error_register_error_domain ("booru-error-quark", &quark, dbus_names,
                                      G_N_ELEMENTS (dbus_names));
  return (GQuark)quark;
}

gboolean
booru_err_notfound (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

gboolean
booru_err_exists (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
}

gboolean
booru_err_busy (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_BUSY);
}

gboolean
booru_err_invalid (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

gboolean
booru_err_denied (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_DENIED);
}

gboolean
booru_err_limit (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
}

gboolean
booru_err_fenced (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_FENCED);
}

gboolean
booru_err_file (const GError *error)
{
  return error && error->domain == BOORU_ERROR
         && (error->code == BOORU_ERROR_UNSUPPORTED || error->code == BOORU_ERROR_INVALID
             || error->code == BOORU_ERROR_LIMIT || error->code == BOORU_ERROR_FAILED);
}

static BooruError
error_from_errno (int errnum)
{
  switch (errnum)
    {
    case ENOENT:
    case ENOTDIR:
      return BOORU_ERROR_NOT_FOUND;
    case EEXIST:
    case EADDRINUSE:
      return BOORU_ERROR_EXISTS;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP: /* what O_NOFOLLOW answers for a symbolic link */
      return BOORU_ERROR_DENIED;
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
      return BOORU_ERROR_BUSY;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EFBIG:
      return BOORU_ERROR_LIMIT;
    default:
      return BOORU_ERROR_IO;
    }
}

gboolean
booru_set_errno_error (GError **error, int errnum, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  g_return_val_if_fail (format != NULL && (error == NULL || *error == NULL), FALSE);
  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, BOORU_ERROR, error_from_errno (errnum), "%s: %s", what, g_strerror (errnum));
  return FALSE;
}

int
booru_error_to_exit_code (const GError *error)
{
  if (error == NULL)
    return EX_OK;
  if (error->domain == G_OPTION_ERROR)
    return EX_USAGE;
  if (error->domain != BOORU_ERROR)
    return EX_SOFTWARE;

  switch ((BooruError)error->code)
    {
    case BOORU_ERROR_USAGE:
      return EX_USAGE;
    case BOORU_ERROR_INVALID:
    case BOORU_ERROR_CORRUPT:
    case BOORU_ERROR_TOO_NEW:
      return EX_DATAERR;
    case BOORU_ERROR_NOT_FOUND:
      return EX_NOINPUT;
    case BOORU_ERROR_EXISTS:
    case BOORU_ERROR_LIMIT:
    case BOORU_ERROR_UNSUPPORTED:
      return EX_UNAVAILABLE;
    case BOORU_ERROR_BUSY:
    case BOORU_ERROR_FENCED:
      return EX_TEMPFAIL;
    case BOORU_ERROR_DENIED:
      return EX_NOPERM;
    case BOORU_ERROR_CONFIG:
      return EX_CONFIG;
    case BOORU_ERROR_IO:
      return EX_IOERR;
    case BOORU_ERROR_CANCELLED:
      return EX_OK;
    case BOORU_ERROR_FAILED:
    default:
      return EX_SOFTWARE;
    }
}
