/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All slots of a service, and what they come to. */
#pragma once

#include "booru-slot.h"

G_BEGIN_DECLS

GPtrArray *booru_slots_new (void); /* of BooruSlot; transfer full */

void booru_slots_foreach (GPtrArray *slots, void (*func) (BooruSlot *slot));
void booru_slots_foreach_child (GPtrArray *slots, GFunc func, gpointer data); /* of BooruChild */

typedef gboolean (*BooruSlotTest) (BooruSlot *slot);
guint booru_slots_count (GPtrArray *slots, BooruSlotTest test);
BooruSlot *booru_slots_find (GPtrArray *slots, BooruSlotTest test); /* the first; or NULL */
guint booru_slots_count_leaving (GPtrArray *slots);                 /* processes */

/* Adds what can be said of the processes. */
void booru_slots_fill_status (GPtrArray *slots, BooruServiceStatus *status);
void booru_slots_list_processes (GPtrArray *slots, GArray *processes); /* of BooruProcessStatus */

G_END_DECLS
