/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a child finds what the host gave it. Standard input is /dev/null, output and errors are the
 * host's. */
typedef enum
{
  BOORU_CHANNEL_FD = 3, /* socketpair with peer-to-peer D-Bus */
  /* Read end of a pipe on which nothing is written: EOF = the host is gone. */
  BOORU_LIFELINE_FD = 4,
  BOORU_HEARTBEAT_FD = 5, /* shared page (booru-heartbeat.h) */
  BOORU_LISTENER_FD = 6,  /* listening socket, with --listener only */
} BooruChildFd;

GDBusConnection *booru_channel_new_for_fd (int fd, GError **error);

/* Arguments and results of methods. As D-Bus knows no empty tuple, they go over the channel as a
 * list; both floating. */
GVariant *booru_channel_pack (GVariant *tuple);  /* av */
GVariant *booru_channel_unpack (GVariant *list); /* a tuple */

G_END_DECLS
