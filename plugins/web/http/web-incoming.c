/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-incoming.h"

void
web_incoming_free (WebIncoming *self)
{
  g_free (self->path);
  g_clear_pointer (&self->lookup, web_lookup_free);
  g_free (self->cache_key);
  g_clear_pointer (&self->upload, web_body_free);
  g_free (self);
}
