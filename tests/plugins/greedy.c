/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uses more than its service may, once it is ready. */
#include "fixture.h"

#include <string.h>

#define EATEN (600 * 1024 * 1024)
#define N_STARTED 9

static void
eat_memory (void)
{
  static char *volatile eaten;

  eaten = g_malloc (EATEN);
  memset (eaten, 1, EATEN);
}

static void
start_processes (void)
{
  for (guint i = 0; i < N_STARTED; i++)
    if (fork () == 0)
      {
        setsid ();
        for (;;)
          pause ();
      }
}

static gboolean
on_ready (gpointer unused)
{
  if (g_str_equal (FIXTURE_NAME, "eats-memory"))
    eat_memory ();
  else
    start_processes ();
  return G_SOURCE_REMOVE;
}

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  g_timeout_add (100, on_ready, NULL);
  return TRUE;
}

static const BooruService service = {
  .name = FIXTURE_NAME,
  .process_name = "booru-greedy",
  .label = "Fixture " FIXTURE_NAME,
  .instances = BOORU_SERVICE_ONE,
  .stop_timeout = 10,
  .start = start,
  .max_memory = 500,
  .max_processes = 8,
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &service);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
