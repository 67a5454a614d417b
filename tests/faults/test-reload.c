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

/* Every reload replaces all workers, whether those of the one before have been or not. Each client
 * has its requests answered all the time. @interval: µs from one to the next, at the least. */
static void
run_storm (guint n_reloads, guint n_requests, gint64 interval)
{
  g_autoptr (TestHost) host = test_host_new ();
  LoadClients *clients;
  LoadResult result;

  test_host_start_with_library (host);
  clients = load_clients_start (faults_get_port (host), "/posts.json", N_CLIENTS);
  for (guint i = 1; i <= n_reloads; i++)
    {
      gint64 next = g_get_monotonic_time () + interval;
      guint wanted = load_clients_count (clients) + n_requests / n_reloads;

      test_host_signal (host, SIGHUP);
      test_host_await_log (host, "replacing the workers", i);
      test_host_await (host, "answers", has_answered,
                       (gpointer[]){ clients, GUINT_TO_POINTER (wanted) });
      while (g_get_monotonic_time () < next)
        g_usleep (1000);
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
  run_storm (10, 20000, 0);
}

static void
test_storm_of_a_minute (void)
{
  run_storm (60, 20000, G_USEC_PER_SEC);
}

typedef struct
{
  const char *settings, *says;
} Mistake;

/* Whatever is wrong in the settings file, a reload leaves all as it was, says where, and the next
 * one goes well when it has been mended. Clients hear nothing of it. */
static void
test_broken_settings (void)
{
  static const Mistake mistakes[] = {
    { "[host]\nworkers=2\nnonsense\n", "settings.conf”, line 3" },
    { "[host\nworkers=2\n", "settings.conf”, line 1" },
    { "[host]\nworkers=65\n", "“65” is not a valid value for workers" },
    { "[host]\nworkers=-1\n", "“-1” is not a valid value for workers" },
    { "[host]\nworkers='two'\n", "“'two'” is not a valid value for workers" },
    { "[host]\nworkers=2\n[monitor]\ndecode-timeout=0\n",
      "“0” is not a valid value for decode-timeout" },
  };
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *path
      = g_build_filename (test_host_get_data_dir (host), "..", "settings.conf", NULL);
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;
  LoadClients *clients;
  LoadResult result;

  g_assert_true (g_file_set_contents (path, "[host]\nworkers=2\n", -1, NULL));
  test_host_setenv (host, "BOORU_SETTINGS", path);
  test_host_start (host, "--bus=none", test_host_get_library (host), NULL);
  test_host_await_ready (host);
  before = test_host_list_processes (host, NULL);
  clients = load_clients_start (faults_get_port (host), "/posts.json", 2);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_assert_true (g_file_set_contents (path, mistakes[i].settings, -1, NULL));
      test_host_signal (host, SIGHUP);
      test_host_await_log (host, "Reloading is called off", i + 1);
      test_host_await_log (host, mistakes[i].says, 1);
    }
  after = test_host_list_processes (host, NULL);
  g_assert_cmpmem (after->data, after->len * sizeof (GPid), before->data,
                   before->len * sizeof (GPid));
  g_assert_cmpuint (test_host_count_log (host, "replacing the workers"), ==, 0);

  /* A key that nobody knows is told of, and does no harm. */
  g_assert_true (g_file_set_contents (path, "[host]\nworkers=2\nwrokers=3\n", -1, NULL));
  test_host_signal (host, SIGHUP);
  test_host_await_log (host, "there is no setting “wrokers”", 1);
  test_host_await_log (host, "replacing the workers", 1);
  test_host_await_process (host, "booru-web", 2);
  result = load_clients_stop (clients);
  g_assert_cmpuint (result.lost, ==, 0);
  g_assert_cmpuint (result.refused, ==, 0);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_test_slow ())
    g_test_add_func ("/faults/reload/storm-of-a-minute", test_storm_of_a_minute);
  else
    {
      g_test_add_func ("/faults/reload/storm", test_storm);
      g_test_add_func ("/faults/reload/broken-settings", test_broken_settings);
    }
  return g_test_run ();
}
