/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pace that a connection's client is to keep, and what becomes of one that is waited for. */
#include <sys/socket.h>

#include "web-connection-private.h"

/* Bytes a second that a body is to come at, and an answer to be taken, on an average over the idle
 * timeout. */
#define MIN_RATE 1024
/* A transfer that has kept to that average within this time, µs, is not slow. */
#define BRISK (G_USEC_PER_SEC / 4)

void
web_connection_rearm (WebConnection *self, gint64 *deadline, gint64 timeout)
{
  *deadline = g_get_monotonic_time () + timeout;
  if (self->funcs)
    self->funcs->rearm (*deadline, self->funcs->user_data);
}

void
web_connection_await (WebConnection *self, gint64 *deadline, gsize *moved)
{
  if (*deadline)
    return;
  *moved = 0;
  web_connection_rearm (self, deadline, self->limits->idle_timeout);
}

void
web_connection_note_moved (WebConnection *self,
                           gint64 *deadline,
                           gsize *moved,
                           gsize count,
                           gboolean finished)
{
  *moved += count;
  if (!finished && *moved < MIN_RATE * (gsize)(self->limits->idle_timeout / G_USEC_PER_SEC))
    return;
  *deadline = 0;
}

gint64
web_connection_get_deadline (WebConnection *self)
{
  gint64 deadline = self->head_deadline;

  if (self->read_deadline && (deadline == 0 || self->read_deadline < deadline))
    deadline = self->read_deadline;
  if (self->write_deadline && (deadline == 0 || self->write_deadline < deadline))
    deadline = self->write_deadline;
  return deadline;
}

void
web_connection_abort (WebConnection *self)
{
  self->head_deadline = self->read_deadline = self->write_deadline = 0;
  if (self->fd >= 0)
    shutdown (self->fd, SHUT_RDWR);
}

gboolean
web_connection_has_whole_body (WebConnection *self)
{
  return self->state == STATE_BODY && !self->chunked && self->body_left == 0;
}

gboolean
web_connection_awaits_head (WebConnection *self)
{
  return self->state == STATE_HEAD || web_connection_has_whole_body (self);
}

/* Waits for a request of which nothing came yet. */
static gboolean
is_quiet (WebConnection *self)
{
  return self->fd >= 0 && (self->read_deadline || self->is_first)
         && web_connection_awaits_head (self) && self->buffer->len == 0 && self->pending == NULL;
}

/* A request that waits unread in the socket must be answered, too. */
static gboolean
has_unread (WebConnection *self)
{
  char byte;

  return recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

gint64
web_connection_get_waiting_since (WebConnection *self, gint64 now)
{
  gint64 since;

  if (self->head_deadline)
    return self->head_deadline - self->limits->header_timeout;
  if (self->read_deadline && web_connection_awaits_head (self) && self->pending == NULL)
    return self->read_deadline - self->limits->idle_timeout;
  since = web_connection_get_deadline (self) - self->limits->idle_timeout;
  return since > 0 && now - since >= BRISK ? since : 0;
}

gboolean
web_connection_give_way (WebConnection *self)
{
  if (web_connection_awaits_head (self) && self->pending == NULL && self->fd >= 0
      && has_unread (self))
    {
      self->head_deadline = self->read_deadline = 0; /* set anew once that is read */
      return FALSE;
    }
  web_connection_abort (self);
  return TRUE;
}

void
web_connection_expire (WebConnection *self)
{
  if (self->limits->draining && is_quiet (self) && has_unread (self))
    self->read_deadline = 0; /* what is read next sets deadlines of its own */
  else
    web_connection_abort (self);
}

void
web_connection_drain (WebConnection *self)
{
  if (!is_quiet (self))
    return;
  if (self->limits->patience > 0)
    web_connection_rearm (self, &self->read_deadline, self->limits->patience);
  else
    web_connection_expire (self);
}
