/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-slots.h"

#include <sys/resource.h>

/* Connections beyond the limit, where only /health is answered. */
#define N_RESERVE 16
/* A connection and the file that it is answered with; and what a worker opens besides. */
#define DESCRIPTORS_PER_SLOT 2
#define OTHER_DESCRIPTORS 128
#define TIMER_STEP (G_USEC_PER_SEC / 4)
/* Of those who could give way some may turn out to have sent something just now. */
#define MAX_TRIES 8

/* All connections from one address. */
typedef struct
{
  char *address;
  gboolean trusted; /* of a proxy, which brings everybody's requests */
  guint n_connections;
} Client;

typedef struct
{
  Client *client;
  gboolean reserve;
} Slot;

struct _WebSlots
{
  GHashTable *slots;   /* WebConnection → Slot */
  GHashTable *clients; /* address → Client */
  guint max;
  guint max_per_address;
  GSource *timer; /* ready when the next deadline may have come */
};

static void
client_free (gpointer data)
{
  Client *client = data;

  g_free (client->address);
  g_free (client);
}

/* An address; of IPv6 the network, which is what one subscriber has. */
static char *
dup_address (GSocketAddress *remote)
{
  GInetAddress *address;

  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return g_strdup ("local");
  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
      && !g_inet_address_get_is_loopback (address))
    {
      const guint8 *bytes = g_inet_address_to_bytes (address);

      return g_strdup_printf ("%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", bytes[0], bytes[1],
                              bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
    }
  return g_inet_address_to_string (address);
}

/* One timer for all, a quarter of a second apart at least: deadlines need not be kept to the
 * millisecond, and nothing wakes up without connections. */
void
web_slots_rearm (WebSlots *self, gint64 deadline)
{
  gint64 ready = g_source_get_ready_time (self->timer);

  if (ready < 0 || deadline < ready)
    g_source_set_ready_time (self->timer, MAX (deadline, g_get_monotonic_time () + TIMER_STEP));
}

static gboolean
on_timer (gpointer user_data)
{
  WebSlots *self = user_data;
  gint64 now = g_get_monotonic_time (), next = 0;
  g_autoptr (GPtrArray) overdue = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gint64 deadline = web_connection_get_deadline (key);

      if (deadline && deadline <= now)
        g_ptr_array_add (overdue, g_object_ref (key));
      else if (deadline && (next == 0 || deadline < next))
        next = deadline;
    }
  for (guint i = 0; i < overdue->len; i++)
    web_connection_expire (overdue->pdata[i]);

  g_source_set_ready_time (self->timer, next ? MAX (next, now + TIMER_STEP) : -1);
  return G_SOURCE_CONTINUE;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs timer_funcs = { NULL, NULL, timer_dispatch, NULL, NULL, NULL };

WebSlots *
web_slots_new (void)
{
  WebSlots *self = g_new0 (WebSlots, 1);

  self->slots = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, client_free);
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, NULL);
  return self;
}

void
web_slots_free (WebSlots *self)
{
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_hash_table_unref (self->slots);
  g_hash_table_unref (self->clients);
  g_free (self);
}

void
web_slots_detach (WebSlots *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    web_connection_detach (connection);
}

/* How many slots of @wanted there are descriptors for, having asked for more. */
static guint
afford (guint wanted)
{
  rlim_t needed = (wanted + N_RESERVE) * (rlim_t)DESCRIPTORS_PER_SLOT + OTHER_DESCRIPTORS;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    return wanted;
  limit.rlim_cur = MIN (needed, limit.rlim_max);
  if (setrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == needed)
    return wanted;
  g_message ("The limit of file descriptors allows fewer than the %u connections of the setting "
             "web.max-connections. “booructl doctor” says how to raise it.",
             wanted);
  needed = OTHER_DESCRIPTORS + N_RESERVE * DESCRIPTORS_PER_SLOT;
  return limit.rlim_cur > needed ? (guint)(limit.rlim_cur - needed) / DESCRIPTORS_PER_SLOT : 1;
}

void
web_slots_set_limits (WebSlots *self, guint max, guint max_per_address)
{
  self->max = MAX (afford (max), 1);
  self->max_per_address = MAX (max_per_address, 1);
}

guint
web_slots_count (WebSlots *self)
{
  return g_hash_table_size (self->slots);
}

gboolean
web_slots_is_scarce (WebSlots *self)
{
  return web_slots_count (self) >= self->max;
}

gboolean
web_slots_is_full (WebSlots *self)
{
  return web_slots_count (self) >= self->max + N_RESERVE;
}

/* The connection that gives way first: of the address with the most connections the one that has
 * one that has kept us waiting longest. NULL: none does. @client: only its connections; nullable.
 */
static WebConnection *
pick (WebSlots *self, const Client *client)
{
  gint64 now = g_get_monotonic_time (), oldest = 0;
  WebConnection *picked = NULL;
  guint most = 0;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Slot *slot = value;
      guint n = slot->client->trusted ? 0 : slot->client->n_connections;
      gint64 since;

      if ((client && slot->client != client) || (picked && n < most))
        continue;
      since = web_connection_get_waiting_since (key, now);
      if (since == 0 || (picked && n == most && since >= oldest))
        continue;
      picked = key;
      most = n;
      oldest = since;
    }
  return picked;
}

static gboolean
give_up_one (WebSlots *self, const Client *client)
{
  for (guint i = 0; i < MAX_TRIES; i++)
    {
      WebConnection *picked = pick (self, client);

      if (picked == NULL)
        return FALSE;
      if (web_connection_give_way (picked))
        {
          /* The library closes it when it comes round to it. */
          web_connection_detach (picked);
          web_slots_remove (self, picked);
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
web_slots_give_up_one (WebSlots *self)
{
  return give_up_one (self, NULL);
}

gboolean
web_slots_make_room (WebSlots *self, GSocketAddress *address)
{
  g_autofree char *name = dup_address (address);
  const Client *client = g_hash_table_lookup (self->clients, name);

  if (client == NULL || client->trusted || client->n_connections < self->max_per_address)
    return TRUE;
  return give_up_one (self, client);
}

void
web_slots_add (WebSlots *self, WebConnection *connection, GSocketAddress *address, gboolean trusted)
{
  g_autofree char *name = dup_address (address);
  Slot *slot = g_new0 (Slot, 1);
  Client *client;

  slot->reserve = web_slots_count (self) >= self->max && !give_up_one (self, NULL);
  client = g_hash_table_lookup (self->clients, name);
  if (client == NULL)
    {
      client = g_new0 (Client, 1);
      client->address = g_steal_pointer (&name);
      g_hash_table_insert (self->clients, client->address, client);
    }
  client->trusted = trusted;
  client->n_connections++;
  slot->client = client;
  g_hash_table_insert (self->slots, connection, slot);
}

gboolean
web_slots_remove (WebSlots *self, WebConnection *connection)
{
  const Slot *slot = g_hash_table_lookup (self->slots, connection);
  Client *client;

  if (slot == NULL)
    return FALSE;
  client = slot->client;
  g_hash_table_remove (self->slots, connection);
  if (--client->n_connections == 0)
    g_hash_table_remove (self->clients, client->address);
  return TRUE;
}

gboolean
web_slots_is_reserve (WebSlots *self, WebConnection *connection)
{
  Slot *slot = g_hash_table_lookup (self->slots, connection);

  if (slot && slot->reserve && web_slots_count (self) <= self->max)
    slot->reserve = FALSE;
  return slot && slot->reserve;
}

void
web_slots_drain (WebSlots *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    web_connection_drain (connection);
}
