/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process was at is named when it dies, without what may be secret or would confuse a log.
 */
#include <signal.h>

#include "test-host.h"

static TestHost *
start_host (void)
{
  TestHost *host = test_host_new ();
  g_autofree char *plugins = test_host_build_path ("tests/plugins");

  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_setenv (host, "BOORU_HEARTBEAT_LIMIT", "1");
  test_host_start (host, "--disable-plugin=monitor", "--enable-plugin=bad-routes", "--workers=1",
                   NULL);
  test_host_await_ready (host);
  return host;
}

static void
test_crash (void)
{
  g_autoptr (TestHost) host = start_host ();

  test_host_request (host, "GET", "/test/crash/a%0Ab%1B%C3%A9?api_key=secret", NULL, NULL, NULL);
  test_host_await_log (host, "(Segmentation fault) during GET /test/crash/a%0Ab%1B%C3%A9", 1);
  test_host_await_ready (host);
  g_assert_cmpuint (test_host_count_log (host, "secret"), ==, 0);
  test_host_stop (host);
}

static void
test_hang (void)
{
  g_autoptr (TestHost) host = start_host ();

  test_host_request (host, "POST", "/test/hang", "application/x-www-form-urlencoded", "a=b", NULL);
  test_host_await_log (host, "(Aborted) during POST /test/hang", 1);
  test_host_await_ready (host);
  test_host_stop (host);
}

/* A process that dies between requests was at none. */
static void
test_between (void)
{
  g_autoptr (TestHost) host = start_host ();

  g_assert_cmpint (kill (test_host_await_process (host, "booru-web", 1), SIGKILL), ==, 0);
  test_host_await_log (host, "(Killed)", 1);
  test_host_await_ready (host);
  g_assert_cmpuint (test_host_count_log (host, "(Killed) during"), ==, 0);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash-report/crash", test_crash);
  g_test_add_func ("/crash-report/hang", test_hang);
  g_test_add_func ("/crash-report/between", test_between);
  return g_test_run ();
}
