/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-incoming.h"

const WebRefusal web_refusal_bad_login = {
  401,
  "SessionLoader::AuthenticationFailure",
  "The user name or the API key is not valid.",
};

void
web_incoming_free (WebIncoming *self)
{
  g_free (self->path);
  g_clear_pointer (&self->lookup, web_lookup_free);
  g_free (self->cache_key);
  g_clear_pointer (&self->login, web_login_unref);
  g_clear_pointer (&self->upload, web_body_free);
  g_free (self);
}
