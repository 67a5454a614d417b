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
  GObject parent_instance;

  GQueue entries; /* Entry, oldest first */
  guint64 last;
};

enum
{
  SIGNAL_ADDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruEventLog, booru_event_log, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->topic);
  g_free (entry->text);
  g_free (entry);
}

void
booru_event_log_add (BooruEventLog *self, const char *topic, const char *text)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->serial = ++self->last;
  entry->time = g_get_real_time ();
  entry->topic = g_strdup (topic);
  entry->text = g_utf8_make_valid (text, -1);
  g_queue_push_tail (&self->entries, entry);
  if (g_queue_get_length (&self->entries) > BOORU_EVENT_LOG_LENGTH)
    entry_free (g_queue_pop_head (&self->entries));
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, entry->serial, entry->time, entry->topic,
                 entry->text);
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

static void
booru_event_log_finalize (GObject *object)
{
  BooruEventLog *self = BOORU_EVENT_LOG (object);

  g_queue_clear_full (&self->entries, entry_free);
  G_OBJECT_CLASS (booru_event_log_parent_class)->finalize (object);
}

static void
booru_event_log_class_init (BooruEventLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_event_log_finalize;
  signals[SIGNAL_ADDED]
      = g_signal_new ("added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 4, G_TYPE_UINT64, G_TYPE_INT64, G_TYPE_STRING, G_TYPE_STRING);
}

static void
booru_event_log_init (BooruEventLog *self)
{
  g_queue_init (&self->entries);
}

BooruEventLog *
booru_event_log_new (void)
{
  return g_object_new (BOORU_TYPE_EVENT_LOG, NULL);
}
