/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ipc/booru-event-limit.h"

#include <string.h>

#include "base/booru-names.h"

#define MAX_TOPIC 64
#define MAX_SIZE BOORU_EVENT_MAX_SIZE

/* An event counts as one, and as one more for each 4 KiB. */
#define RATE 1000.0 /* a second */
#define BURST 2000.0
#define UNIT 4096.0

#define WARN_INTERVAL (60 * G_USEC_PER_SEC)

static const struct
{
  const char *topic, *type;
} known[] = {
  { BOORU_EVENT_POSTS_CHANGED, "ax" },     { BOORU_EVENT_UPLOADS_CHANGED, "ax" },
  { BOORU_EVENT_HASHES_REQUESTED, "s" },   { BOORU_EVENT_HASHES_CANCELLED, "s" },
  { BOORU_EVENT_HASHES_FOUND, "(satus)" }, { BOORU_EVENT_DISPLAY_REQUESTED, "s" },
  { BOORU_EVENT_DISPLAY_MADE, "(ss)" },    { BOORU_EVENT_SERVICES, "a{ss}" },
};

/* Topics of plugins' own are as good as those that are known. */
static gboolean
is_topic (const char *topic)
{
  return *topic && strlen (topic) <= MAX_TOPIC
         && topic[strspn (topic, G_CSET_a_2_z G_CSET_DIGITS "-")] == '\0';
}

static gboolean
has_right_type (const char *topic, GVariant *payload)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (topic, known[i].topic))
      return g_variant_is_of_type (payload, G_VARIANT_TYPE (known[i].type));
  return TRUE;
}

static gboolean
spend (BooruEventLimit *self, double cost, gint64 now)
{
  double restored = (double)(now - self->time) * RATE / G_USEC_PER_SEC;

  self->spent = MAX (self->spent - restored, 0);
  self->time = now;
  if (self->spent + cost > BURST)
    return FALSE;
  self->spent += cost;
  return TRUE;
}

const char *
booru_event_limit_check (BooruEventLimit *self, const char *topic, GVariant *payload, gint64 now)
{
  const char *fault = NULL;

  if (!is_topic (topic))
    fault = "its topic is not made of at most 64 letters a to z, digits and “-”";
  else if (g_variant_get_size (payload) > MAX_SIZE)
    fault = "it is larger than 64 KiB";
  else if (!has_right_type (topic, payload))
    fault = "its payload is not of the type that the topic has";
  else if (!spend (self, 1 + (double)g_variant_get_size (payload) / UNIT, now))
    fault = "there are more than 1000 a second";
  self->dropped += fault != NULL;
  return fault;
}

gboolean
booru_event_limit_should_warn (BooruEventLimit *self, gint64 now)
{
  if (self->warned && now - self->warned < WARN_INTERVAL)
    return FALSE;
  self->warned = now;
  return TRUE;
}
