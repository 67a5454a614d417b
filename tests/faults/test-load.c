/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Workers that are killed and stopped while clients ask without a pause. */
#include "faults.h"

#include <signal.h>

#include "load-client.h"

#define N_CLIENTS 8
#define N_VICTIMS 4
#define N_BETWEEN 500 /* requests from one fault to the next */

typedef struct
{
  TestHost *host;
  LoadClients *clients;
  guint wanted;
} Load;

static gboolean
has_answered (gpointer data)
{
  Load *load = data;

  return load_clients_count (load->clients) >= load->wanted;
}

static void
await_answers (Load *load)
{
  load->wanted = load_clients_count (load->clients) + N_BETWEEN;
  test_host_await (load->host, "answers", has_answered, load);
}

static void
start (Load *load, TestHost *host)
{
  load->host = host;
  test_host_start (host, "--workers=2", "--disable-plugin=monitor", "--bus=none", NULL);
  test_host_await_ready (host);
  load->clients = load_clients_start (faults_get_port (host), "/posts.json", N_CLIENTS);
  await_answers (load);
}

/* What the victims had in hand is lost, and nothing else: the socket stays open. */
static void
test_workers_killed (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  Load load;
  LoadResult result;

  start (&load, host);
  for (guint i = 1; i <= N_VICTIMS; i++)
    {
      g_autoptr (GArray) workers = test_host_list_processes (host, "booru-web");

      g_assert_cmpint (kill (g_array_index (workers, GPid, 0), SIGKILL), ==, 0);
      test_host_await_log (host, "was killed by signal 9", i);
      test_host_await_process (host, "booru-web", 2);
      await_answers (&load);
    }
  result = load_clients_stop (load.clients);
  g_test_message ("%u answered, %u refused, %u lost", result.answered, result.refused, result.lost);
  g_assert_cmpuint (result.refused, ==, 0);
  /* Each of the clients has one request under way. */
  g_assert_cmpuint (result.lost, <=, N_VICTIMS * N_CLIENTS);
  test_host_stop (host);
}

/* The clients of a stopped one wait until it is aborted; those of the other are served. */
static void
test_worker_stopped (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  Load load;
  LoadResult result;
  GPid stopped;

  test_host_setenv (host, "BOORU_HEARTBEAT_LIMIT", "1");
  start (&load, host);
  stopped = test_host_await_process (host, "booru-web", 2);
  g_assert_cmpint (kill (stopped, SIGSTOP), ==, 0);
  test_host_await_log (host, "for more than 1 seconds; aborting it", 1);
  test_host_await_gone (stopped);
  test_host_await_process (host, "booru-web", 2);
  await_answers (&load);
  result = load_clients_stop (load.clients);
  g_test_message ("%u answered, %u refused, %u lost", result.answered, result.refused, result.lost);
  g_assert_cmpuint (result.refused, ==, 0);
  g_assert_cmpuint (result.lost, <=, N_CLIENTS);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/load/workers-killed", test_workers_killed);
  g_test_add_func ("/faults/load/worker-stopped", test_worker_stopped);
  return g_test_run ();
}
