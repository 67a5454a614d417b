/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How many events are kept; older ones are forgotten. */
#define BOORU_EVENT_LOG_LENGTH 500

/**
 * BooruEventLog:
 *
 * The latest things that happened, for administrators who look later. Serial numbers rise by one
 * and never start anew while the host runs.
 *
 * Signals:
 *  - "added" (guint64 serial, gint64 time, const char *topic, const char *text)
 */
#define BOORU_TYPE_EVENT_LOG (booru_event_log_get_type ())
G_DECLARE_FINAL_TYPE (BooruEventLog, booru_event_log, BOORU, EVENT_LOG, GObject)

BooruEventLog *booru_event_log_new (void);

/* @topic: what kind of thing happened, now; @text: what, for people; bytes that are not UTF-8 are
 * replaced. */
void booru_event_log_add (BooruEventLog *self, const char *topic, const char *text);

/* a(txss): serial from 1, µs since 1970, topic, text; oldest first, those after the serial @since;
 * floating. */
GVariant *booru_event_log_list (BooruEventLog *self, guint64 since);

G_END_DECLS
