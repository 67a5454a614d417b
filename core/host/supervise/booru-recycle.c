/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-recycle.h"

#include "booru-process-usage.h"

/* Requests and age: a worker goes up to this part of the limit earlier, so that those that were
 * started together do not go together. */
#define JITTER 0.2

/* A limit below what a worker needs anyway must not have workers replaced without end. */
#define MEMORY_AGE (10 * G_USEC_PER_SEC)

#define MIB (1024 * 1024)

/* From 0 to below 1, the same for all the life of a process. */
static double
get_jitter (BooruChild *child)
{
  return (double)((guint32)booru_child_get_pid (child) * 2654435769u) / 4294967296.0;
}

/* @limit: 0: none */
static gboolean
exceeds (guint64 value, guint64 limit, double jitter)
{
  return limit > 0 && (double)value >= (double)limit * (1 - JITTER * jitter);
}

static gboolean
has_grown (BooruChild *child, guint64 limit, gint64 age, guint64 *memory)
{
  if (limit == 0 || age < MEMORY_AGE)
    return FALSE;
  *memory = booru_process_read_memory (booru_child_get_pid (child));
  return *memory > limit * MIB;
}

static gboolean
mark_if_due (BooruSlot *slot, BooruConfig *config, gint64 now)
{
  BooruChild *child = booru_slot_get_child (slot);
  double jitter = get_jitter (child);
  guint64 requests = booru_child_get_requests (child);
  gint64 age = MAX (now - booru_child_get_spawned (child), 0);
  guint64 seconds = (guint64)age / G_USEC_PER_SEC;
  guint64 memory;

  if (exceeds (requests, booru_config_get_uint (config, BOORU_CONFIG_MAX_REQUESTS, 0), jitter))
    booru_slot_recycle (slot, BOORU_RECYCLE_REQUESTS,
                        g_strdup_printf ("had answered %" G_GUINT64_FORMAT " requests", requests));
  else if (exceeds (seconds, booru_config_get_uint (config, BOORU_CONFIG_MAX_AGE, 0), jitter))
    booru_slot_recycle (slot, BOORU_RECYCLE_AGE,
                        g_strdup_printf ("was %" G_GUINT64_FORMAT " seconds old", seconds));
  else if (has_grown (child, booru_config_get_uint (config, BOORU_CONFIG_MAX_MEMORY, 0), age,
                      &memory))
    booru_slot_recycle (slot, BOORU_RECYCLE_MEMORY,
                        g_strdup_printf ("held %" G_GUINT64_FORMAT " MiB of memory", memory / MIB));
  else
    return FALSE;
  return TRUE;
}

gboolean
booru_recycle_mark (GPtrArray *slots, BooruConfig *config, gint64 now)
{
  for (guint i = 0; i < slots->len; i++)
    if (mark_if_due (slots->pdata[i], config, now))
      return TRUE;
  return FALSE;
}
