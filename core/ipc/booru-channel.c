/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipc/booru-channel.h"

#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

#define MAX_MESSAGE (4 * 1024 * 1024)

static GDBusMessage *
make_error_reply (GDBusMessage *message)
{
  GDBusMessage *reply = g_dbus_message_new ();

  g_dbus_message_set_message_type (reply, G_DBUS_MESSAGE_TYPE_ERROR);
  g_dbus_message_set_flags (reply, G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED);
  g_dbus_message_set_serial (reply, g_dbus_message_get_serial (message));
  g_dbus_message_set_reply_serial (reply, g_dbus_message_get_reply_serial (message));
  g_dbus_message_set_error_name (reply, BOORU_DBUS_ERROR "Limit");
  g_dbus_message_set_body (reply, g_variant_new ("(s)", "The answer is larger than 4 MiB"));
  g_object_unref (message);
  return reply;
}

/* Whoever gets a message holds all of it in memory, so it is not sent. In GDBus's thread. */
static GDBusMessage *
limit_size (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer unused)
{
  GVariant *body = g_dbus_message_get_body (message);

  if (incoming || body == NULL || g_variant_get_size (body) <= MAX_MESSAGE)
    return message;
  g_warning ("A message of %" G_GSIZE_FORMAT " bytes between host and child is not sent",
             g_variant_get_size (body));
  if (g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_RETURN)
    return make_error_reply (message);
  g_object_unref (message);
  return NULL;
}

/**
 * booru_channel_new_for_fd:
 * @fd: (transfer full): one end of a socketpair
 * @error: return location
 *
 * Makes one end of the channel between the host and a child. No authentication is done: who holds
 * the other end of a socketpair has got it from the host. Nor are messages read before
 * g_dbus_connection_start_message_processing(), so that objects can be exported first.
 *
 * Returns: (transfer full): the connection; it never blocks and never ends the process
 */
GDBusConnection *
booru_channel_new_for_fd (int fd, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &local_error);
  g_autoptr (GSocketConnection) stream = NULL;
  GDBusConnection *connection;

  booru_error_quark (); /* so that errors of the other side are known by their names */
  if (socket == NULL)
    {
      close (fd);
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO,
                   "Cannot use file descriptor %d as the channel between host and child: %s", fd,
                   local_error->message);
      return NULL;
    }

  stream = g_socket_connection_factory_create_connection (socket);
  connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL,
                                           G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING, NULL,
                                           NULL, &local_error);
  if (connection)
    g_dbus_connection_add_filter (connection, limit_size, NULL, NULL);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO,
                 "Cannot open the channel between host and child: %s", local_error->message);
  return connection;
}

GVariant *
booru_channel_pack (GVariant *tuple)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  for (gsize i = 0; i < g_variant_n_children (tuple); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (tuple, i);

      g_variant_builder_add (&builder, "v", child);
    }
  return g_variant_builder_end (&builder);
}

GVariant *
booru_channel_unpack (GVariant *list)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (list, i);
      g_autoptr (GVariant) child = g_variant_get_variant (boxed);

      g_variant_builder_add_value (&builder, child);
    }
  return g_variant_builder_end (&builder);
}
