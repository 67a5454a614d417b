/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-form-token.h"

#include <string.h>
#include <sys/random.h>

#include "http/web-error.h"

#define COOKIE "booru-form"
#define TOKEN_BYTES 16
#define TOKEN_LENGTH (2 * TOKEN_BYTES)

static gboolean
is_token (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;
  return length == TOKEN_LENGTH;
}

/* The token of the request's cookie, or NULL. */
static char *
read_cookie (WebRequest *request)
{
  const char *header = booru_request_get_header (BOORU_REQUEST (request), "Cookie");
  g_auto (GStrv) cookies = g_strsplit (header ? header : "", ";", -1);

  for (char **cookie = cookies; *cookie; cookie++)
    {
      const char *value = g_strstrip (*cookie);

      if (!g_str_has_prefix (value, COOKIE "="))
        continue;
      value += strlen (COOKIE "=");
      if (is_token (value, strlen (value)))
        return g_strdup (value);
    }
  return NULL;
}

/* A session has a token of its own. Without one, the same token goes into a cookie and into the
 * form: a page elsewhere can make a browser send the one, but not know it for the other. Any worker
 * can compare them, without remembering anything. */
char *
web_form_token_dup (WebRequest *request)
{
  const WebLogin *login = web_request_get_login (request);
  char *token = *login->form_token ? web_login_dup_form_token (login) : read_cookie (request);
  guint8 bytes[TOKEN_BYTES];
  g_autofree char *cookie = NULL;

  if (token)
    return token;
  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("Reading random numbers from the kernel failed: %s", g_strerror (errno));
  token = g_malloc (TOKEN_LENGTH + 1);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_snprintf (token + 2 * i, 3, "%02x", bytes[i]);
  cookie = g_strdup_printf (COOKIE "=%s; Path=%s/; HttpOnly; SameSite=Strict", token,
                            web_worker_get_settings (web_request_get_worker (request))->base_path);
  booru_request_set_header (BOORU_REQUEST (request), "Set-Cookie", cookie);
  return token;
}

gboolean
web_form_token_check (WebRequest *request)
{
  const char *given = booru_request_get_param (BOORU_REQUEST (request), "token");
  g_autofree char *expected = read_cookie (request);

  if (web_request_get_login (request)->kind == WEB_LOGIN_SESSION)
    return TRUE; /* it was checked before the handler was called */
  if (given && expected && booru_secret_equal (given, expected))
    return TRUE;
  web_request_fail_status (request, 403, web_error_get_class (403),
                           "Nothing was done: the form has expired, or the browser blocks cookies. "
                           "Reload the page and try again.");
  return FALSE;
}
