/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reloads, good and bad, of a host under load. */
#include "faults.h"

#include <signal.h>

#include "load-client.h"

#define N_CLIENTS 8

static gboolean
has_answered (gpointer data)
{
  gpointer *args = data;

  return load_clients_count (args[0]) >= GPOINTER_TO_UINT (args[1]);
}

/* Every reload replaces all workers. Each client has its requests answered all the time. */
static void
run_storm (guint n_reloads, guint n_requests)
{
  g_autoptr (TestHost) host = test_host_new ();
  LoadClients *clients;
  LoadResult result;

  test_host_start_with_library (host);
  clients = load_clients_start (faults_get_port (host), "/posts.json", N_CLIENTS);
  for (guint i = 1; i <= n_reloads; i++)
    {
      guint wanted = load_clients_count (clients) + n_requests / n_reloads;

      test_host_signal (host, SIGHUP);
      test_host_await_log (host, "replacing the workers", i);
      test_host_await (host, "answers", has_answered,
                       (gpointer[]){ clients, GUINT_TO_POINTER (wanted) });
    }
  result = load_clients_stop (clients);
  g_test_message ("%u answered over %u connections, %u refused, %u lost", result.answered,
                  result.connections, result.refused, result.lost);
  g_assert_cmpuint (result.lost, ==, 0);
  g_assert_cmpuint (result.refused, ==, 0);
  g_assert_cmpuint (result.answered, >=, n_requests);
  /* The workers really went, and took leave of their clients. */
  g_assert_cmpuint (result.connections, >, N_CLIENTS);
  test_host_stop (host);
}

static void
test_storm (void)
{
  run_storm (10, 20000);
}

static void
test_storm_of_a_minute (void)
{
  run_storm (60, 200000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_test_slow ())
    g_test_add_func ("/faults/reload/storm-of-a-minute", test_storm_of_a_minute);
  else
    g_test_add_func ("/faults/reload/storm", test_storm);
  return g_test_run ();
}
