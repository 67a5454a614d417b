/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workers that have done enough are replaced: one at a time, and no request is lost. */
#include "faults.h"

#include <glib/gstdio.h>
#include <string.h>

#include "load-client.h"

#define N_CLIENTS 8
#define N_WORKERS 2

typedef struct
{
  TestHost *host;
  const char *reason;
  guint wanted;
} Recycled;

/* -1: nobody says, as when the host is too busy to answer the worker in time. */
static double
read_metric (TestHost *host, const char *reason)
{
  g_autofree char *name
      = g_strdup_printf ("\nbooru_service_recycled_total{service=\"web\",reason=\"%s\"} ", reason);
  g_autoptr (GBytes) page = NULL;
  g_autofree char *text = NULL;
  const char *at;

  if (test_host_request (host, "GET", "/metrics", NULL, NULL, &page) != 200)
    return -1;
  text = g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page));
  at = strstr (text, name);
  return at ? g_ascii_strtod (at + strlen (name), NULL) : -1;
}

/* Looked at again and again: never are there more than one beyond the others. */
static gboolean
are_recycled (gpointer data)
{
  Recycled *recycled = data;

  g_assert_cmpuint (test_host_count_processes (recycled->host, "booru-web"), <=, N_WORKERS + 1);
  return read_metric (recycled->host, recycled->reason) >= recycled->wanted;
}

static void
await_recycled (TestHost *host, const char *reason, guint wanted)
{
  Recycled recycled = { host, reason, wanted };

  test_host_await (host, "workers to be replaced", are_recycled, &recycled);
}

static void
test_requests (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  LoadClients *clients;
  LoadResult result;

  test_host_setenv (host, "BOORU_WORKER_MAX_REQUESTS", "200");
  test_host_start_with_library (host);
  clients = load_clients_start (faults_get_port (host), "/posts.json", N_CLIENTS);
  await_recycled (host, "requests", 5);
  result = load_clients_stop (clients);
  g_test_message ("%u answered over %u connections, %u refused, %u lost", result.answered,
                  result.connections, result.refused, result.lost);
  g_assert_cmpuint (result.lost, ==, 0);
  g_assert_cmpuint (result.refused, ==, 0);
  g_assert_cmpuint (result.connections, >, N_CLIENTS);
  await_recycled (host, "age", 0); /* somebody says */
  g_assert_cmpfloat (read_metric (host, "age"), <=, 0);
  g_assert_cmpfloat (read_metric (host, "memory"), <=, 0);
  /* Recycling is no failure. */
  g_assert_cmpuint (test_host_count_log (host, "restarting in"), ==, 0);
  test_host_stop (host);
}

/* The limit is set while the host runs, and taken away again. */
static void
test_age (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *settings = g_build_filename (test_host_get_library (host), "..", "conf", NULL);
  g_autofree char *option = g_strconcat ("--settings=", settings, NULL);
  GPid first;

  g_assert_true (g_file_set_contents (settings, "[host]\n", -1, NULL));
  test_host_start (host, "--workers=2", option, NULL);
  test_host_await_ready (host);
  first = test_host_await_process (host, "booru-web", N_WORKERS);
  g_assert_true (g_file_set_contents (settings, "[host]\nworker-max-age=1\n", -1, NULL));
  await_recycled (host, "age", 3);
  test_host_await_gone (first);
  g_assert_true (g_file_set_contents (settings, "[host]\n", -1, NULL));
  test_host_await_process (host, "booru-web", N_WORKERS);
  test_host_stop (host);
}

static void
test_memory (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  test_host_setenv (host, "BOORU_WORKER_MAX_MEMORY", "1"); /* less than any has */
  test_host_start_with_library (host);
  await_recycled (host, "memory", 2);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/recycling/requests", test_requests);
  g_test_add_func ("/faults/recycling/age", test_age);
  g_test_add_func ("/faults/recycling/memory", test_memory);
  return g_test_run ();
}
