/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --dev: an ordinary worker that reads templates and assets again at each request. */
#include <glib/gstdio.h>
#include <string.h>

#include "test-host.h"

static char *
dup_page (TestHost *host, const char *path)
{
  g_autoptr (GBytes) answer = NULL;
  gsize size;
  const char *text;

  g_assert_cmpuint (test_host_request (host, "GET", path, NULL, NULL, &answer), ==, 200);
  text = g_bytes_get_data (answer, &size);
  return g_strndup (text, size);
}

static void
write_style (TestHost *host, const char *text)
{
  g_autofree char *path
      = g_build_filename (test_host_get_data_dir (host), "..", "greeter", "hello.css", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static TestHost *
start (const char *mode)
{
  TestHost *host = test_host_new ();
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *assets = g_build_filename (test_host_get_data_dir (host), "..", "greeter", NULL);

  g_assert_cmpint (g_mkdir (assets, 0755), ==, 0);
  write_style (host, "h1 { color: red; }");
  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_setenv (host, "GREETER_ASSETS", assets);
  test_host_start (host, mode, "--enable-plugin=greeter", NULL);
  test_host_await_ready (host);
  return host;
}

/* The URL of an asset follows its content. */
static void
test_edited_files (void)
{
  g_autoptr (TestHost) host = start ("--dev");
  g_autofree char *before = dup_page (host, "/greeter/secret");
  g_autofree char *again = dup_page (host, "/greeter/secret");
  g_autofree char *board = dup_page (host, "/posts");
  g_autofree char *after = NULL;

  g_assert_nonnull (strstr (before, "/assets/greeter/hello."));
  g_assert_cmpstr (before, ==, again);
  g_assert_nonnull (strstr (board, "<a href=\"/greeter\">Greet</a>"));
  write_style (host, "h1 { color: blue; }");
  after = dup_page (host, "/greeter/secret");
  g_assert_nonnull (strstr (after, "/assets/greeter/hello."));
  g_assert_cmpstr (before, !=, after);
  test_host_stop (host);
}

/* Otherwise they are those that were there at the start. */
static void
test_kept_files (void)
{
  g_autoptr (TestHost) host = start ("--workers=1");
  g_autofree char *before = dup_page (host, "/greeter/secret");
  g_autofree char *after = NULL;

  write_style (host, "h1 { color: blue; }");
  after = dup_page (host, "/greeter/secret");
  g_assert_cmpstr (before, ==, after);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/development/edited-files", test_edited_files);
  g_test_add_func ("/development/kept-files", test_kept_files);
  return g_test_run ();
}
