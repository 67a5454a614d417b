/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes that take their time to become ready, with a word or without: the real program with the
 * plugins of tests/plugins. */
#include "test-host.h"

#include <signal.h>

/* The fixture named, beside a good one, in place of the board's own plugins. A start may take a
 * second. */
static TestHost *
start_fixture (const char *name)
{
  TestHost *host = test_host_new ();
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *enable = g_strconcat ("--enable-plugin=", name, NULL);

  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_setenv (host, "BOORU_START_LIMIT", "1");
  test_host_start (host, "--disable-plugin=web", "--disable-plugin=monitor", enable,
                   "--enable-plugin=good", NULL);
  return host;
}

static void
test_not_ready_in_time (void)
{
  g_autoptr (TestHost) host = start_fixture ("hang-on-start");

  test_host_await_log (host, "did not become ready within 1 seconds", 2);
  test_host_await_log (host, "Fixture good service started", 1);
  test_host_stop (host);
}

/* It takes longer than a start may, but says that it gets on. */
static void
test_slow_start (void)
{
  g_autoptr (TestHost) host = start_fixture ("slow-start");

  test_host_await_log (host, "Fixture good service started", 1);
  while (test_host_count_log (host, " s: counting, ") == 0)
    {
      test_host_signal (host, SIGUSR1);
      g_usleep (G_USEC_PER_SEC / 20);
    }
  test_host_await_log (host, "Fixture slow-start service started", 1);
  g_assert_cmpuint (test_host_count_log (host, "aborting it"), ==, 0);
  test_host_stop (host);
}

static void
test_falls_silent (void)
{
  g_autoptr (TestHost) host = start_fixture ("slow-start-mute");

  test_host_await_log (
      host, "did not say for 1 seconds that its start gets on (it was at: counting, 16 %)", 2);
  test_host_await_log (host, "Fixture good service started", 1);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/starting/not-ready-in-time", test_not_ready_in_time);
  g_test_add_func ("/starting/slow-start", test_slow_start);
  g_test_add_func ("/starting/falls-silent", test_falls_silent);
  return g_test_run ();
}
