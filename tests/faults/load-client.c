/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "load-client.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 60 /* seconds for one answer */

struct _LoadClients
{
  guint port;
  char *request;
  gint stopping; /* atomic */
  gint answered; /* atomic */
  GPtrArray *threads;
  GMutex lock;
  LoadResult result;
};

static int
open_connection (guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16)port) };
  struct timeval patience = { PATIENCE, 0 };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

/* The length of the whole answer, as soon as its head is there; 0: not yet. */
static gsize
find_length (GString *answer)
{
  const char *end = strstr (answer->str, "\r\n\r\n");
  const char *field = strcasestr (answer->str, "\r\nContent-Length:");

  if (end == NULL)
    return 0;
  g_assert_true (field && field < end);
  return (gsize)(end + 4 - answer->str)
         + (gsize)g_ascii_strtoull (field + strlen ("\r\nContent-Length:"), NULL, 10);
}

/* Returns: whether a whole answer came */
static gboolean
ask (int fd, const char *request, GString *answer)
{
  gsize length = 0;

  g_string_truncate (answer, 0);
  if (send (fd, request, strlen (request), MSG_NOSIGNAL) != (gssize)strlen (request))
    return FALSE;
  while (length == 0 || answer->len < length)
    {
      char buffer[16384];
      gssize got = recv (fd, buffer, sizeof buffer, 0);

      if (got <= 0)
        return FALSE;
      g_string_append_len (answer, buffer, got);
      if (length == 0)
        length = find_length (answer);
    }
  return TRUE;
}

static gpointer
run_client (gpointer data)
{
  LoadClients *self = data;
  g_autoptr (GString) answer = g_string_new (NULL);
  LoadResult result = { 0 };
  int fd = -1;

  while (!g_atomic_int_get (&self->stopping))
    {
      gboolean whole;

      if (fd < 0)
        {
          fd = open_connection (self->port);
          result.connections++;
        }
      whole = fd >= 0 && ask (fd, self->request, answer);
      if (!whole)
        result.lost++;
      else if (g_str_has_prefix (answer->str, "HTTP/1.1 200 "))
        g_atomic_int_inc (&self->answered);
      else
        result.refused++;
      if (fd >= 0 && (!whole || strcasestr (answer->str, "\r\nConnection: close")))
        {
          close (fd);
          fd = -1;
        }
    }
  if (fd >= 0)
    close (fd);

  g_mutex_lock (&self->lock);
  self->result.lost += result.lost;
  self->result.refused += result.refused;
  self->result.connections += result.connections;
  g_mutex_unlock (&self->lock);
  return NULL;
}

LoadClients *
load_clients_start (guint port, const char *path, guint n_clients)
{
  LoadClients *self = g_new0 (LoadClients, 1);

  self->port = port;
  self->request = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
  self->threads = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  for (guint i = 0; i < n_clients; i++)
    g_ptr_array_add (self->threads, g_thread_new ("client", run_client, self));
  return self;
}

guint
load_clients_count (LoadClients *self)
{
  return (guint)g_atomic_int_get (&self->answered);
}

LoadResult
load_clients_stop (LoadClients *self)
{
  LoadResult result;

  g_atomic_int_set (&self->stopping, TRUE);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  result = self->result;
  result.answered = load_clients_count (self);
  g_ptr_array_unref (self->threads);
  g_mutex_clear (&self->lock);
  g_free (self->request);
  g_free (self);
  return result;
}
