/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishes events that are too large, too many or wrong, and then a good one. */
#include "fixture.h"

#define HUGE_SIZE (40 * 1024 * 1024)

static GVariant *
make_huge (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  return g_variant_new_take_string (g_strnfill (HUGE_SIZE, 'x'));
}

static const BooruReport huge = { "huge", make_huge };

static gboolean
on_calm (gpointer context)
{
  booru_service_context_publish (context, "test-echo", g_variant_new_string ("calm"));
  return G_SOURCE_REMOVE;
}

static void
on_echoed (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  if (g_variant_is_of_type (payload, G_VARIANT_TYPE_STRING))
    g_message ("The flood is over: %s", g_variant_get_string (payload, NULL));
}

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  booru_extensions_add_report (booru_service_context_get_extensions (context), &huge);
  g_signal_connect (context, "event::test-echoed", G_CALLBACK (on_echoed), NULL);
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  booru_service_context_publish (context, "test-echo", make_huge (context, NULL, NULL));
  booru_service_context_publish (context, "Not a topic", g_variant_new_string (""));
  booru_service_context_publish (context, BOORU_EVENT_POSTS_CHANGED, g_variant_new_string ("all"));
  for (guint i = 0; i < 10000; i++)
    booru_service_context_publish (context, "test-flood", g_variant_new_uint32 (i));
  g_timeout_add (1500, on_calm, context);
  return TRUE;
}

FIXTURE_SERVICE (start, 10)
