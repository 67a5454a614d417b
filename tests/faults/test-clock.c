/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock is set forward and back by a year. Nothing is restarted, no lease ends, files come in.
 */
#include "faults.h"

#define YEAR (G_GINT64_CONSTANT (365) * 24 * 60 * 60)

typedef struct
{
  TestHost *host;
  gint64 expiry;
} Lease;

static gint64
get_expiry (TestHost *host)
{
  return faults_query (host, "SELECT expires_at FROM leases WHERE role = 'monitor'");
}

static gboolean
is_renewed (gpointer data)
{
  Lease *lease = data;

  return get_expiry (lease->host) > lease->expiry;
}

/* Long enough for all that is done now and then to have been done. */
static void
await_renewals (TestHost *host)
{
  for (guint i = 0; i < 3; i++)
    {
      Lease lease = { host, get_expiry (host) };

      test_host_await (host, "the lease to be renewed", is_renewed, &lease);
    }
}

static void
require_processes (TestHost *host, GArray *before)
{
  g_autoptr (GArray) now = test_host_list_processes (host, NULL);

  g_assert_cmpuint (now->len, ==, before->len);
  g_assert_cmpmem (now->data, now->len * sizeof (GPid), before->data, before->len * sizeof (GPid));
}

static void
test_set (void)
{
  static const gint64 offsets[] = { YEAR, -YEAR, 0 };
  g_autoptr (TestHost) host = test_host_new ();
  FaultsShim *shim = faults_use_shim (host);
  g_autoptr (GArray) before = NULL;
  g_autoptr (JsonNode) health = NULL;
  gint64 uptime;

  test_host_start (host, "--shared", "--workers=2", "--bus=none", test_host_get_library (host),
                   NULL);
  test_host_await_ready (host);
  faults_drop_picture (host, 0);
  test_host_await_posts (host, "", 1);
  before = test_host_list_processes (host, NULL);
  g_assert_cmpuint (before->len, ==, 3);

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_autoptr (GDateTime) now = NULL;
      g_autofree char *stamp = NULL;

      shim->clock_offset = offsets[i];
      now = g_date_time_new_from_unix_local (g_get_real_time () / G_USEC_PER_SEC + offsets[i]);
      stamp = g_date_time_format (now, "%Y-%m-");
      await_renewals (host);
      faults_drop_picture (host, i + 1);
      test_host_await_posts (host, "", i + 2);
      require_processes (host, before);

      /* It did see the other time. */
      test_host_signal (host, SIGUSR1);
      test_host_await_log (host, stamp, 1);
    }
  health = test_host_get_json (host, "/health");
  uptime = json_object_get_int_member (json_node_get_object (health), "uptime");
  g_assert_cmpint (uptime, >=, 0);
  g_assert_cmpint (uptime, <, YEAR);
  g_assert_cmpint (faults_query (host, "SELECT token FROM leases WHERE role = 'monitor'"), ==, 1);
  g_assert_cmpuint (test_host_count_log (host, "WARNING"), ==, 0);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/clock/set", test_set);
  return g_test_run ();
}
