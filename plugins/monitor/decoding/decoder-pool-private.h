/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-slot.h"

G_BEGIN_DECLS

struct _MonitorDecoderPool
{
  GObject parent_instance;

  MonitorDecoderOptions options; /* strings are owned */
  guint generation;              /* counts changes of what a process cannot be told later */
  GQueue waiting;                /* of Job, as they came */
  GPtrArray *slots;              /* of Slot */
  guint n_turns_of_persons;      /* in a row, while something else waited */
  guint start_failures;          /* in a row */
  guint n_started, n_failed;     /* ever, for statistics */
  gboolean start_failure_told;
  GSource *start_delay; /* while no process is started */
  gboolean pumping, pump_again;
};

/* decoder-pool-order.c: which file is next, and which one gives way. */
/* NULL: none that can start now. */
Job *monitor_decoder_pool_find_next (MonitorDecoderPool *self, Slot **slot);

void monitor_decoder_pool_count_turn (MonitorDecoderPool *self, const Job *job);
Slot *monitor_decoder_pool_find_overdue (MonitorDecoderPool *self); /* to be stopped; NULL: none */
gboolean monitor_decoder_pool_is_held_back (MonitorDecoderPool *self); /* a file is to be alone */

guint monitor_decoder_pool_count_busy (MonitorDecoderPool *self);

G_END_DECLS
