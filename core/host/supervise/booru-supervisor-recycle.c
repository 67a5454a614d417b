/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replacing workers that work well, but have answered enough requests, grown too large or too old.
 * One at a time, as for a reload, and looked for when the heartbeats are: it costs no wake-up. */
#include "booru-supervisor-private.h"

#include "booru-process-usage.h"

/* Requests and age: a worker goes up to this part of the limit earlier, so that those that were
 * started together do not go together. */
#define JITTER 0.2

/* A limit below what a worker needs anyway is not to have workers replaced without end. */
#define MEMORY_AGE (10 * G_USEC_PER_SEC)

/* After a replacement that did not become ready: the next one would not either, most likely. */
#define PAUSE (60 * G_USEC_PER_SEC)

#define MIB (1024 * 1024)

static guint64
get_limit (BooruSupervisor *self, const char *key)
{
  return booru_config_get_uint (self->config, key, 0);
}

/* @limit: 0: none */
static gboolean
exceeds (guint64 value, guint64 limit, double jitter)
{
  return limit > 0 && (double)value >= (double)limit * (1 - JITTER * jitter);
}

static void
mark (Slot *slot, BooruRecycleReason reason, char *recycling)
{
  slot->stale = TRUE;
  slot->reason = reason;
  g_free (slot->recycling);
  slot->recycling = recycling;
  g_info ("%s is to be replaced: it %s", booru_child_get_name (slot->child), recycling);
}

static gboolean
has_grown (Slot *slot, guint64 limit, gint64 age)
{
  guint64 memory;

  if (limit == 0 || age < MEMORY_AGE)
    return FALSE;
  memory = booru_process_read_memory (booru_child_get_pid (slot->child));
  if (memory <= limit * MIB)
    return FALSE;
  mark (slot, BOORU_RECYCLE_MEMORY,
        g_strdup_printf ("held %" G_GUINT64_FORMAT " MiB of memory", memory / MIB));
  return TRUE;
}

/* Whether its process has done enough; then it is marked. */
static gboolean
is_due (Slot *slot, gint64 now)
{
  BooruSupervisor *self = slot->owner;
  guint64 requests = booru_child_get_requests (slot->child);
  gint64 age = now - booru_child_get_spawned (slot->child);
  guint64 seconds = (guint64)MAX (age, 0) / G_USEC_PER_SEC;

  if (exceeds (requests, get_limit (self, BOORU_CONFIG_MAX_REQUESTS), slot->jitter))
    mark (slot, BOORU_RECYCLE_REQUESTS,
          g_strdup_printf ("had answered %" G_GUINT64_FORMAT " requests", requests));
  else if (exceeds (seconds, get_limit (self, BOORU_CONFIG_MAX_AGE), slot->jitter))
    mark (slot, BOORU_RECYCLE_AGE,
          g_strdup_printf ("was %" G_GUINT64_FORMAT " seconds old", seconds));
  else
    return has_grown (slot, get_limit (self, BOORU_CONFIG_MAX_MEMORY), age);
  return TRUE;
}

static gboolean
is_quiet (BooruSupervisor *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = self->slots->pdata[i];

      if (slot->stale || slot->next)
        return FALSE;
    }
  return !self->stopping && !self->failed && self->leaving->len == 0
         && booru_supervisor_is_healthy (self);
}

/**
 * booru_supervisor_recycle:
 * @self: a supervisor
 * @now: monotonic time, µs
 *
 * Has a worker replaced that has done enough, if there is one and nothing else is going on: all are
 * ready, and the one that was replaced last is gone.
 */
void
booru_supervisor_recycle (BooruSupervisor *self, gint64 now)
{
  if (booru_supervisor_is_one (self) || now < self->recycle_after || !is_quiet (self))
    return;
  for (guint i = 0; i < self->slots->len; i++)
    if (is_due (self->slots->pdata[i], now))
      {
        booru_supervisor_continue_roll (self);
        return;
      }
}

/**
 * booru_supervisor_pause_recycling:
 * @self: a supervisor, a replacement of which did not become ready
 *
 * Lets the processes that there are go on for a while.
 */
void
booru_supervisor_pause_recycling (BooruSupervisor *self)
{
  self->recycle_after = g_get_monotonic_time () + PAUSE;
  for (guint i = 0; i < self->slots->len; i++)
    g_clear_pointer (&((Slot *)self->slots->pdata[i])->recycling, g_free);
}

/**
 * booru_slot_recycled:
 * @slot: a slot whose process still is the old one
 * @successor: which is ready
 *
 * Counts the replacement, if it was for having done enough, and tells of it.
 */
void
booru_slot_recycled (Slot *slot, BooruChild *successor)
{
  g_autofree char *recycling = g_steal_pointer (&slot->recycling);

  if (recycling == NULL || slot->child == NULL)
    return;
  slot->owner->recycled[slot->reason]++;
  booru_supervisor_event (slot->owner, "process-recycled", "%s replaces %s, which %s",
                          booru_child_get_name (successor), booru_child_get_name (slot->child),
                          recycling);
}
