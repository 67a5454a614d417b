/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between a connection and its two streams. */
#pragma once

#include "web-connection.h"

G_BEGIN_DECLS

GInputStream *web_input_new (WebConnection *connection); /* does not own it */
GOutputStream *web_output_new (WebConnection *connection);
void web_streams_detach (GInputStream *input, GOutputStream *output);

gssize web_connection_read (WebConnection *self, void *buffer, gsize count, GError **error);
gssize web_connection_write (WebConnection *self, const void *buffer, gsize count, GError **error);
gboolean web_connection_has_input (WebConnection *self);
GSource *web_connection_create_read_source (WebConnection *self);
GSource *web_connection_create_write_source (WebConnection *self);
int web_connection_get_fd (WebConnection *self);

/* Closes a socket in a while, so that the client gets to read what was sent last: closing at once
 * while it still sends would reset the connection. Takes over @fd. */
void web_linger (int fd);

G_END_DECLS
