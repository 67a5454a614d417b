/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-error.h"

#include <booru.h>
#include <libsoup/soup.h>

#include "view/web-json.h"

static const struct
{
  guint status;
  const char *error_class;
} classes[] = {
  { 400, "ActionController::BadRequest" },
  { 401, "SessionLoader::AuthenticationFailure" },
  { 403, "User::PrivilegeError" },
  { 404, "ActiveRecord::RecordNotFound" },
  { 405, "ActionController::MethodNotAllowed" },
  { 406, "ActionController::UnknownFormat" },
  { 410, "PaginationExtension::PaginationError" },
  { 413, "ActionController::ContentTooLarge" },
  { 422, "PostQuery::Error" },
  { 429, "RateLimiter::RateLimitError" },
  { 501, "NotImplementedError" },
  { 503, "ActiveRecord::QueryCanceled" },
  { 507, "Errno::ENOSPC" },
};

const char *
web_error_get_class (guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (classes[i].status == status)
      return classes[i].error_class;
  return "StandardError";
}

guint
web_error_get_status (const GError *error, const char **error_class)
{
  guint status = 500;

  if (error->domain == BOORU_ERROR)
    switch ((BooruError)error->code)
      {
      case BOORU_ERROR_USAGE:
      case BOORU_ERROR_INVALID:
        status = 400;
        break;
      case BOORU_ERROR_NOT_FOUND:
        status = 404;
        break;
      case BOORU_ERROR_DENIED:
        status = 403;
        break;
      case BOORU_ERROR_EXISTS:
      case BOORU_ERROR_LIMIT:
        status = 422;
        break;
      case BOORU_ERROR_UNSUPPORTED:
        status = 501;
        break;
      case BOORU_ERROR_BUSY:
      case BOORU_ERROR_CANCELLED:
        status = 503;
        break;
      case BOORU_ERROR_FAILED:
      case BOORU_ERROR_CONFIG:
      case BOORU_ERROR_CORRUPT:
      case BOORU_ERROR_TOO_NEW:
      case BOORU_ERROR_IO:
      default:
        break;
      }
  *error_class = web_error_get_class (status);
  return status;
}

/* Where clients look for what is wrong with a form. */
static void
write_errors (WebJson *json, const char *message)
{
  web_json_member (json, "errors");
  web_json_begin_object (json);
  web_json_member (json, "base");
  web_json_begin_array (json);
  web_json_string (json, message);
  web_json_end_array (json);
  web_json_end_object (json);
}

GBytes *
web_error_to_json (const char *error_class, const char *message)
{
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_boolean (&json, "success", FALSE);
  web_json_member_string (&json, "error", error_class);
  web_json_member_string (&json, "message", message);
  if (web_json_member (&json, "backtrace"))
    {
      web_json_begin_array (&json);
      web_json_end_array (&json);
    }
  if (g_str_equal (error_class, "ActiveRecord::RecordInvalid"))
    write_errors (&json, message);
  web_json_end_object (&json);
  return g_string_free_to_bytes (web_json_finish (&json));
}

GBytes *
web_error_make_refusal (guint status, const char *reason)
{
  g_autoptr (GBytes) body = web_error_to_json (web_error_get_class (status), reason);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  char *answer = g_strdup_printf ("HTTP/1.1 %u %s\r\n"
                                  "Content-Type: application/json; charset=utf-8\r\n"
                                  "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                                  "X-Content-Type-Options: nosniff\r\n"
                                  "Cache-Control: no-store\r\n"
                                  "%sConnection: close\r\n\r\n%.*s",
                                  status, soup_status_get_phrase (status), size,
                                  status == 503 ? "Retry-After: 1\r\n" : "", (int)size, data);

  return g_bytes_new_take (answer, strlen (answer));
}
