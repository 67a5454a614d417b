/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-event-log.h"

typedef struct
{
  guint64 serial;
  gint64 time;
  char *topic;
  char *text;
} Entry;

struct _BooruEventLog
{
  GQueue entries; /* Entry, oldest first */
  guint64 last;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->topic);
  g_free (entry->text);
  g_free (entry);
}

BooruEventLog *
booru_event_log_new (void)
{
  BooruEventLog *self = g_new0 (BooruEventLog, 1);

  g_queue_init (&self->entries);
  return self;
}

void
booru_event_log_free (BooruEventLog *self)
{
  g_queue_clear_full (&self->entries, entry_free);
  g_free (self);
}

/**
 * booru_event_log_add:
 * @self: the log
 * @time: when it happened, µs since 1970
 * @topic: what kind of thing
 * @text: what happened, for people; bytes that are not UTF-8 are replaced
 *
 * Returns: the event's serial number
 */
guint64
booru_event_log_add (BooruEventLog *self, gint64 time, const char *topic, const char *text)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->serial = ++self->last;
  entry->time = time;
  entry->topic = g_strdup (topic);
  entry->text = g_utf8_make_valid (text, -1);
  g_queue_push_tail (&self->entries, entry);
  if (g_queue_get_length (&self->entries) > BOORU_EVENT_LOG_LENGTH)
    entry_free (g_queue_pop_head (&self->entries));
  return entry->serial;
}

GVariant *
booru_event_log_list (BooruEventLog *self, guint64 since)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(txss)"));
  for (GList *link = self->entries.head; link; link = link->next)
    {
      const Entry *entry = link->data;

      if (entry->serial > since)
        g_variant_builder_add (&builder, "(txss)", entry->serial, entry->time, entry->topic,
                               entry->text);
    }
  return g_variant_builder_end (&builder);
}
