/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-slots.h"

GPtrArray *
booru_slots_new (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

void
booru_slots_foreach (GPtrArray *slots, void (*func) (BooruSlot *slot))
{
  for (guint i = 0; i < slots->len; i++)
    func (slots->pdata[i]);
}

void
booru_slots_foreach_child (GPtrArray *slots, GFunc func, gpointer data)
{
  for (guint i = 0; i < slots->len; i++)
    booru_slot_foreach (slots->pdata[i], func, data);
}

guint
booru_slots_count (GPtrArray *slots, BooruSlotTest test)
{
  guint n = 0;

  for (guint i = 0; i < slots->len; i++)
    n += test (slots->pdata[i]);
  return n;
}

BooruSlot *
booru_slots_find (GPtrArray *slots, BooruSlotTest test)
{
  for (guint i = 0; i < slots->len; i++)
    if (test (slots->pdata[i]))
      return slots->pdata[i];
  return NULL;
}

guint
booru_slots_count_leaving (GPtrArray *slots)
{
  guint n = 0;

  for (guint i = 0; i < slots->len; i++)
    n += booru_slot_get_n_leaving (slots->pdata[i]);
  return n;
}

static void
add_child (gpointer child, gpointer data)
{
  BooruServiceStatus *status = data;
  const char *trouble = booru_child_get_trouble (child);

  if (status->activity == NULL)
    status->activity = booru_child_get_activity (child);
  if (trouble == NULL)
    return;
  status->trouble = trouble;
  status->troubled++;
}

void
booru_slots_fill_status (GPtrArray *slots, BooruServiceStatus *status)
{
  status->ready += booru_slots_count (slots, booru_slot_is_ready);
  status->crashed_at_boot |= booru_slots_count (slots, booru_slot_crashed_at_boot) > 0;
  booru_slots_foreach_child (slots, add_child, status);
}

static void
list_child (gpointer child, gpointer processes)
{
  BooruProcessStatus status = { booru_child_get_pid (child), booru_child_get_state (child),
                                booru_child_get_spawned (child), booru_child_get_requests (child),
                                booru_child_get_activity (child) };

  g_array_append_val (processes, status);
}

void
booru_slots_list_processes (GPtrArray *slots, GArray *processes)
{
  booru_slots_foreach_child (slots, list_child, processes);
}
