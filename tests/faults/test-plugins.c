/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plugins that are replaced while they run, by good ones and by broken ones, and plugins that crash
 * whoever loads them. */
#include "faults.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <sys/wait.h>

#define WORKERS "booru-workers"

/* Copies a fixture's module and metadata into the host's own plugin folder; the module is moved
 * into place, as installers do. */
static void
install (TestHost *host, const char *source, const char *name)
{
  g_autofree char *folder = g_build_filename (test_host_get_data_dir (host), "..", "plugins", NULL);
  g_autofree char *fixtures = test_host_build_path ("tests/plugins");
  g_autofree char *from = g_strdup_printf ("%s/lib%s.so", fixtures, source);
  g_autofree char *to = g_strdup_printf ("%s/lib%s.so", folder, name);
  g_autofree char *part = g_strconcat (to, ".new", NULL);
  g_autofree char *metadata = g_strdup_printf ("%s/%s.plugin", folder, name);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_get_contents (from, &text, &length, NULL));
  g_assert_true (g_file_set_contents (part, text, (gssize)length, NULL));
  g_assert_cmpint (g_rename (part, to), ==, 0);
  if (!g_file_test (metadata, G_FILE_TEST_EXISTS))
    {
      g_autofree char *lines = g_strdup_printf ("[Plugin]\nName=%s\nDescription=Installed\n"
                                                "Module=lib%s.so\nABI=1\n",
                                                name, name);

      g_assert_true (g_file_set_contents (metadata, lines, -1, NULL));
    }
  test_host_setenv (host, "BOORU_PLUGIN_PATH", folder);
}

static void
start (TestHost *host, const char *name)
{
  g_autofree char *enable = g_strconcat ("--enable-plugin=", name, NULL);

  test_host_start (host, "--disable-plugin=web", "--disable-plugin=monitor", enable, "--workers=2",
                   "--bus=none", NULL);
}

static gboolean
all_are_new (gpointer data)
{
  gpointer *args = data;
  g_autoptr (GArray) now = test_host_list_processes (args[0], WORKERS);
  GArray *before = args[1];

  for (guint i = 0; i < now->len; i++)
    for (guint j = 0; j < before->len; j++)
      if (g_array_index (now, GPid, i) == g_array_index (before, GPid, j))
        return FALSE;
  return now->len == before->len;
}

static void
test_replaced (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GArray) before = NULL;

  install (host, "good-workers", "good-workers");
  start (host, "good-workers");
  test_host_await_log (host, "service started (2 workers)", 1);
  before = test_host_list_processes (host, WORKERS);

  install (host, "good-workers", "good-workers");
  test_host_await (host, "new workers", all_are_new, (gpointer[]){ host, before });
  test_host_await_log (host, "The plugin good-workers was replaced", 1);
  test_host_stop (host);
}

/* The old generation goes on; nothing is tried again and again. */
static void
test_replaced_by_broken (void)
{
  static const char *const broken[] = { "crash-on-load", "undefined-symbol", "wrong-name" };
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) after = NULL;

  install (host, "good-workers", "good-workers");
  start (host, "good-workers");
  test_host_await_log (host, "service started (2 workers)", 1);
  before = test_host_list_processes (host, WORKERS);

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      install (host, broken[i], "good-workers");
      test_host_await_log (host, "the processes there are go on as they are", i + 1);
    }
  after = test_host_list_processes (host, WORKERS);
  g_assert_cmpuint (after->len, ==, before->len);
  for (guint i = 0; i < after->len; i++)
    g_assert_cmpint (g_array_index (after, GPid, i), ==, g_array_index (before, GPid, i));

  install (host, "good-workers", "good-workers");
  test_host_await (host, "new workers", all_are_new, (gpointer[]){ host, before });
  test_host_stop (host);
  g_assert_cmpuint (test_host_count_log (host, "go on as they are"), ==, G_N_ELEMENTS (broken));
}

static void
enable_by_setting (TestHost *host, const char *value)
{
  g_autofree char *path = g_build_filename (test_host_get_data_dir (host), "settings.conf", NULL);
  g_autofree char *text = g_strdup_printf ("[host]\nenabled-plugins=%s\n", value);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  test_host_setenv (host, "BOORU_SETTINGS", path);
}

static void
test_poison (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  install (host, "good", "good");
  install (host, "crash-on-load", "crash-on-load");
  enable_by_setting (host, "['good', 'crash-on-load']");
  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "service started", 1);
  g_assert_cmpuint (test_host_count_log (host, "it crashes"), ==, 1);
  test_host_stop (host);

  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "service started", 1);
  g_assert_cmpuint (test_host_count_log (host, "crash-on-load is not tried again"), ==, 1);
  g_assert_cmpuint (test_host_count_log (host, "--enable-plugin=crash-on-load"), ==, 1);
  test_host_stop (host);

  /* Who asks for it by name gets it. */
  test_host_start (host, "--enable-plugin=crash-on-load", "--bus=none", NULL);
  test_host_await_log (host, "service started", 1);
  g_assert_cmpuint (test_host_count_log (host, "not tried again"), ==, 0);
  g_assert_cmpuint (test_host_count_log (host, "it crashes"), ==, 1);
  test_host_stop (host);

  /* So does who replaces it. */
  install (host, "crash-on-load", "crash-on-load");
  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "service started", 1);
  g_assert_cmpuint (test_host_count_log (host, "not tried again"), ==, 0);
  test_host_stop (host);
}

/* One that loads, but takes its processes down until it is given up. */
static void
test_poison_at_boot (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  install (host, "good", "good");
  install (host, "crash-on-start", "crash-on-start");
  enable_by_setting (host, "['good', 'crash-on-start']");
  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "failed for good", 1);
  g_assert_cmpuint (test_host_count_log (host, "before it was ready"), >=, 5);
  test_host_stop (host);

  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "Fixture good service started", 1);
  g_assert_cmpuint (test_host_count_log (host, "crash-on-start is not tried again"), ==, 1);
  test_host_stop (host);
}

typedef struct
{
  const char *plugin, *says;
} Evil;

/* Each of them beside a good one, which works on; the host says which plugin it was, and why. */
static void
test_evil (void)
{
  static const Evil evils[] = {
    { "crash-on-load", "crash-on-load.so”: it crashes: Segmentation fault" },
    { "abort-on-load", "abort-on-load.so”: it crashes: Aborted" },
    { "loop-on-load", "loop-on-load.so”: it has not returned after" },
    { "crash-on-start", "Fixture crash-on-start failed for good" },
    { "abort-on-start", "Fixture abort-on-start failed for good" },
    { "loop-on-start", "did not become ready within 10 seconds; aborting it" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (evils); i++)
    {
      g_autoptr (TestHost) host = test_host_new ();
      g_autofree char *enabled = g_strdup_printf ("['good-workers', '%s']", evils[i].plugin);
      g_autoptr (GArray) before = NULL;
      g_autoptr (GArray) after = NULL;

      install (host, "good-workers", "good-workers");
      install (host, evils[i].plugin, evils[i].plugin);
      enable_by_setting (host, enabled);
      test_host_setenv (host, "BOORU_START_LIMIT", "10");
      test_host_start (host, "--workers=2", "--bus=none", NULL);
      test_host_await_log (host, "service started (2 workers)", 1);
      before = test_host_list_processes (host, WORKERS);
      test_host_await_log (host, evils[i].says, 1);
      after = test_host_list_processes (host, WORKERS);
      g_assert_cmpmem (after->data, after->len * sizeof (GPid), before->data,
                       before->len * sizeof (GPid));
      test_host_stop (host);
    }
}

/* The greatest amount of memory that a process has had, in KiB. */
static guint64
read_peak (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_ascii_strtoull (strstr (text, "VmHWM:") + 6, NULL, 10);
}

/* The host neither holds what it floods with, nor parts with it; the others hear what is good. */
static void
test_flood (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  guint64 peak;

  install (host, "good", "good");
  install (host, "floods", "floods");
  enable_by_setting (host, "['good']");
  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "Fixture good service started", 1);
  peak = read_peak (test_host_get_pid (host));
  test_host_stop (host);

  enable_by_setting (host, "['good', 'floods']");
  test_host_start (host, "--bus=none", NULL);
  test_host_await_log (host, "The flood is over: calm", 1);
  /* The sanitizer keeps what is freed for a while; without limits it is several times as much. */
  g_assert_cmpuint (read_peak (test_host_get_pid (host)), <, peak + 128 * 1024);
  g_assert_cmpuint (test_host_count_log (host, "is dropped: it is larger than 64 KiB"), ==, 1);
  g_assert_cmpuint (test_host_count_log (host, "is dropped"), ==, 1); /* of all, in a minute */
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/plugins/replaced", test_replaced);
  g_test_add_func ("/faults/plugins/replaced-by-broken", test_replaced_by_broken);
  g_test_add_func ("/faults/plugins/poison", test_poison);
  g_test_add_func ("/faults/plugins/poison-at-boot", test_poison_at_boot);
  g_test_add_func ("/faults/plugins/evil", test_evil);
  g_test_add_func ("/faults/plugins/flood", test_flood);
  return g_test_run ();
}
