/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole program, asked what a picture looks like: from the browser's upload through the host to
 * a sandboxed decoder and back. */
#include "test-host.h"

#include <signal.h>
#include <string.h>

#define MULTIPART "multipart/form-data; boundary=b"

/* A picture that is text: a scene with a sun in it, of a size, in a colour. */
static char *
draw_scene (guint width, const char *sun)
{
  return g_strdup_printf (
      "<svg xmlns='http://www.w3.org/2000/svg' width='%u' height='%u' viewBox='0 0 40 30'>"
      "<rect width='40' height='30' fill='#224'/><circle cx='29' cy='8' r='5' fill='%s'/>"
      "<path d='M0 30 L9 12 L15 22 L24 9 L40 30 Z' fill='#888'/>"
      "<rect x='3' y='3' width='9' height='4' fill='#ccc'/></svg>",
      width, width * 3 / 4, sun);
}

static void
drop_text (TestHost *host, const char *text, const char *name)
{
  g_autofree char *path = g_build_filename (test_host_get_library (host), name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static guint
ask (TestHost *host, const char *picture, JsonNode **answer, char **text)
{
  g_autofree char *body = g_strdup_printf ("--b\r\nContent-Disposition: form-data; name=\"file\"; "
                                           "filename=\"picture\"\r\n\r\n%s\r\n--b--\r\n",
                                           picture);
  g_autoptr (GBytes) bytes = NULL;
  guint status = test_host_request (host, "POST", "/iqdb_queries.json", MULTIPART, body, &bytes);

  *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  *answer = json_from_string (*text, NULL);
  return status;
}

static gboolean
is_nothing_spooled (gpointer data)
{
  g_autofree char *path = g_build_filename (test_host_get_data_dir (data), "tmp", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "spool-"))
      return FALSE;
  return TRUE;
}

static void
test_upload (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *scene = draw_scene (400, "#fe8"), *smaller = draw_scene (160, "#fd6");
  g_autofree char *text = NULL, *refusal = NULL;
  g_autoptr (JsonNode) found = NULL, refused = NULL;
  JsonObject *match;

  test_host_start_with_library (host);
  drop_text (host, scene, "scene.svg");
  test_host_await_posts (host, "", 1);

  g_assert_cmpuint (ask (host, smaller, &found, &text), ==, 201);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (found)), ==, 1);
  match = json_array_get_object_element (json_node_get_array (found), 0);
  g_assert_cmpint (json_object_get_int_member (match, "post_id"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (match, "score"), >, 70);
  g_assert_cmpint (test_host_count_posts (host, "similar:1"), ==, 1);

  g_assert_cmpuint (ask (host, "no picture at all", &refused, &refusal), ==, 422);
  g_assert_nonnull (strstr (refusal, "not a picture or a video"));
  g_assert_cmpint (test_host_count_posts (host, "status:any"), ==, 1);
  g_assert_true (is_nothing_spooled (host));
  test_host_stop (host);
}

/* Whatever is killed, the file goes, and the next question is answered. */
static void
test_killed (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *scene = draw_scene (400, "#fe8");
  guint status = 0;

  test_host_start_with_library (host);
  drop_text (host, scene, "scene.svg");
  test_host_await_posts (host, "", 1);

  kill (test_host_await_process (host, "booru-monitor", 1), SIGKILL);
  while (status != 201)
    {
      g_autoptr (JsonNode) answer = NULL;
      g_autofree char *text = NULL;

      status = ask (host, scene, &answer, &text);
      g_assert_true (status == 201 || status == 503);
    }
  test_host_await (host, "no file is left in tmp", is_nothing_spooled, host);
  test_host_stop (host);
}

/* What a process left that was killed goes when another takes its place. */
static void
test_left_behind (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *folder = g_build_filename (test_host_get_data_dir (host), "tmp", NULL);
  g_autofree char *path = g_build_filename (folder, "spool-ABCDEF", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "a picture", -1, NULL));
  test_host_start (host, "--disable-plugin=monitor", NULL);
  test_host_await_ready (host);
  test_host_await (host, "no file is left in tmp", is_nothing_spooled, host);
  test_host_stop (host);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integration/similar/upload", test_upload);
  g_test_add_func ("/integration/similar/killed", test_killed);
  g_test_add_func ("/integration/similar/left-behind", test_left_behind);
  return g_test_run ();
}
