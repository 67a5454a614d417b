/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many events are kept; older ones are forgotten. */
#define BOORU_EVENT_LOG_LENGTH 500

/**
 * BooruEventLog:
 *
 * The latest things that happened, for administrators who look later. Serial numbers rise by one
 * and never start anew while the host runs.
 */
typedef struct _BooruEventLog BooruEventLog;

BooruEventLog *booru_event_log_new (void);
void booru_event_log_free (BooruEventLog *self);

/* µs since 1970; returns the serial, from 1. */
guint64 booru_event_log_add (BooruEventLog *self, gint64 time, const char *topic, const char *text);

/* a(txss), oldest first; floating. */
GVariant *booru_event_log_list (BooruEventLog *self, guint64 since);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruEventLog, booru_event_log_free)

G_END_DECLS
