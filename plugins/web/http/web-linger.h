/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Closes a socket in a while, so that the client gets to read what was sent last: closing at once
 * while it still sends would reset the connection. Takes over @fd. */
void web_linger (int fd);

G_END_DECLS
