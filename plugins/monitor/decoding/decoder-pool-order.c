/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which file is decoded next, and which one gives way. What a person waits for comes first, though
 * not always: other files get a turn now and then. Files that turned out to be slow have half of
 * the decoders at most as long as others wait. */
#include "decoder-pool-private.h"

/* Turns of persons in a row, after which something else that waits gets one. */
#define MAX_TURNS_OF_PERSONS 3

typedef enum
{
  RANK_FIRST,
  RANK_NORMAL,
  RANK_LAST,
  RANK_NOT_NOW,
} Rank;

guint
monitor_decoder_pool_count_busy (MonitorDecoderPool *self)
{
  guint n = 0;

  for (guint i = 0; i < self->slots->len; i++)
    n += ((Slot *)g_ptr_array_index (self->slots, i))->job != NULL;
  return n;
}

static gboolean
slot_is_slow (const Slot *slot)
{
  return slot->job != NULL && (slot->overdue || slot->job->slow);
}

static guint
count_slow (MonitorDecoderPool *self)
{
  guint n = 0;

  for (guint i = 0; i < self->slots->len; i++)
    n += slot_is_slow (g_ptr_array_index (self->slots, i));
  return n;
}

/* What waits, without what is slow itself. */
static guint
count_waiting (MonitorDecoderPool *self, gboolean for_person)
{
  guint n = 0;

  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    {
      const Job *job = link->data;

      n += !job->slow && job->for_person == for_person;
    }
  return n;
}

static Job *
find_killed (MonitorDecoderPool *self)
{
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    if (((Job *)link->data)->killed)
      return link->data;
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (slot->job != NULL && slot->job->killed)
        return slot->job;
    }
  return NULL;
}

gboolean
monitor_decoder_pool_is_held_back (MonitorDecoderPool *self)
{
  return find_killed (self) != NULL;
}

static Rank
get_rank (MonitorDecoderPool *self, const Job *job)
{
  gboolean others = count_waiting (self, FALSE) > 0;

  if (job->killed)
    return self->slots->len == 1 ? RANK_FIRST : RANK_NOT_NOW;
  if (find_killed (self) != NULL)
    return RANK_NOT_NOW;
  if (job->slow)
    return count_slow (self) < self->options.max / 2 ? RANK_NORMAL : RANK_LAST;
  if (!job->for_person)
    return RANK_NORMAL;
  return others && self->n_turns_of_persons >= MAX_TURNS_OF_PERSONS ? RANK_LAST : RANK_FIRST;
}

static Slot *
find_slot (MonitorDecoderPool *self, const Job *job)
{
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (slot->ready && !slot->retiring && slot->job == NULL
          && (!job->is_video || slot->n_files == 0))
        return slot;
    }
  return NULL;
}

Job *
monitor_decoder_pool_find_next (MonitorDecoderPool *self, Slot **slot)
{
  Job *next = NULL;
  Rank best = RANK_NOT_NOW;

  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    {
      Rank rank = get_rank (self, link->data);
      Slot *found = rank < best ? find_slot (self, link->data) : NULL;

      if (found == NULL)
        continue;
      best = rank;
      next = link->data;
      *slot = found;
    }
  return next;
}

void
monitor_decoder_pool_count_turn (MonitorDecoderPool *self, const Job *job)
{
  if (job->for_person && count_waiting (self, FALSE) > 0)
    self->n_turns_of_persons++;
  else
    self->n_turns_of_persons = 0;
}

/* Whether decoders that end or start are too few for what waits. */
static gboolean
is_short (MonitorDecoderPool *self)
{
  guint n_waiting = count_waiting (self, FALSE) + count_waiting (self, TRUE);
  guint n_coming = 0;

  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      n_coming += slot->job == NULL;
    }
  return self->slots->len >= MAX (1, self->options.max) && n_waiting > n_coming;
}

/* One that was preempted before may have one decoder for itself: it would never end otherwise. */
static gboolean
may_be_stopped (MonitorDecoderPool *self, const Slot *slot, guint n_slow)
{
  guint share = self->options.max / 2;

  return slot_is_slow (slot) && !slot->job->killed
         && n_slow > (slot->job->slow ? MAX (1, share) : share);
}

Slot *
monitor_decoder_pool_find_overdue (MonitorDecoderPool *self)
{
  guint n_slow = count_slow (self);
  Slot *youngest = NULL;

  if (!is_short (self))
    return NULL;
  for (guint i = 0; i < self->slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (self->slots, i);

      if (may_be_stopped (self, slot, n_slow)
          && (youngest == NULL || slot->began > youngest->began))
        youngest = slot;
    }
  return youngest;
}
