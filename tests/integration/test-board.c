/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole program on real photographs: what a user sees when files come, move and go, and when
 * processes are killed meanwhile. */
#include "test-host.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define N_PHOTOS 6

static gboolean
have_photos (void)
{
  g_autofree char *last = test_host_dup_photo (N_PHOTOS - 1);

  if (last == NULL)
    g_test_skip ("no photographs: install gnome-backgrounds and mate-backgrounds");
  return last != NULL;
}

static void
drop_photo (TestHost *host, guint index, const char *name)
{
  g_autofree char *photo = test_host_dup_photo (index);

  test_host_drop (host, photo, name);
}

static void
drop_photos (TestHost *host)
{
  for (guint i = 0; i < N_PHOTOS; i++)
    {
      g_autofree char *name = g_strdup_printf ("album %u/photo %u.jpg", i % 2, i);
      drop_photo (host, i, name);
    }
}

static void
rename_in_library (TestHost *host, const char *from, const char *to)
{
  g_autofree char *source = g_build_filename (test_host_get_library (host), from, NULL);
  g_autofree char *target = g_build_filename (test_host_get_library (host), to, NULL);
  g_autofree char *folder = g_path_get_dirname (target);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (g_rename (source, target), ==, 0);
}

static void
remove_from_library (TestHost *host, const char *name)
{
  g_autofree char *path = g_build_filename (test_host_get_library (host), name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static JsonObject *
first_post (JsonNode *posts)
{
  g_assert_cmpuint (json_array_get_length (json_node_get_array (posts)), >, 0);
  return json_array_get_object_element (json_node_get_array (posts), 0);
}

static void
tag_post (TestHost *host, gint64 id, const char *tags)
{
  g_autofree char *path = g_strdup_printf ("/posts/%" G_GINT64_FORMAT ".json", id);
  g_autofree char *body = g_strdup_printf ("{\"post\":{\"tag_string\":\"%s\"}}", tags);

  g_assert_cmpuint (test_host_request (host, "PUT", path, "application/json", body, NULL), ==, 200);
}

static gint64
newest_id (TestHost *host)
{
  g_autoptr (JsonNode) posts = test_host_get_json (host, "/posts.json?limit=1");

  return json_object_get_int_member (first_post (posts), "id");
}

/* What url, absolute, answers with. */
static GBytes *
download (TestHost *host, const char *url)
{
  const char *path = strchr (strstr (url, "//") + 2, '/');
  GBytes *bytes = NULL;

  g_assert_cmpuint (test_host_request (host, "GET", path, NULL, NULL, &bytes), ==, 200);
  return bytes;
}

static void
test_photos_appear (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (JsonNode) posts = NULL;
  g_autofree char *photo = NULL, *content = NULL;
  g_autoptr (GBytes) original = NULL;
  gsize length;

  if (!have_photos ())
    return;
  drop_photo (host, 0, "before.jpg");
  test_host_start_with_library (host);
  test_host_await_posts (host, "", 1);
  drop_photo (host, 1, "new folder/deep/after.jpg");
  test_host_await_posts (host, "", 2);

  tag_post (host, newest_id (host), "lake artist:somebody");
  g_assert_cmpint (test_host_count_posts (host, "lake"), ==, 1);
  g_assert_cmpint (test_host_count_posts (host, "somebody -lake"), ==, 0);
  g_assert_cmpint (test_host_count_posts (host, "-lake"), ==, 1);

  posts = test_host_get_json (host, "/posts.json?tags=lake");
  g_assert_cmpstr (json_object_get_string_member (first_post (posts), "tag_string_artist"), ==,
                   "somebody");
  original = download (host, json_object_get_string_member (first_post (posts), "file_url"));
  photo = test_host_dup_photo (1);
  g_assert_true (g_file_get_contents (photo, &content, &length, NULL));
  g_assert_cmpmem (g_bytes_get_data (original, NULL), g_bytes_get_size (original), content, length);

  g_bytes_unref (
      download (host, json_object_get_string_member (first_post (posts), "preview_file_url")));
  g_assert_cmpuint (test_host_request (host, "GET", "/posts?tags=lake", NULL, NULL, NULL), ==, 200);
  test_host_stop (host);
  g_assert_cmpuint (test_host_count_log (host, "Monitor service started"), ==, 1);
}

static void
test_files_are_followed (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  if (!have_photos ())
    return;
  test_host_start_with_library (host);
  drop_photo (host, 0, "a/one.jpg");
  test_host_await_posts (host, "", 1);
  tag_post (host, newest_id (host), "kept");

  rename_in_library (host, "a/one.jpg", "a/renamed.jpg");
  rename_in_library (host, "a", "moved");
  rename_in_library (host, "moved/renamed.jpg", "elsewhere/three.jpg");
  drop_photo (host, 0, "copy.jpg");
  remove_from_library (host, "elsewhere/three.jpg");
  /* Something that comes after all of that, so that it has been seen. */
  drop_photo (host, 1, "later.jpg");
  test_host_await_posts (host, "", 2);
  g_assert_cmpint (test_host_count_posts (host, "kept"), ==, 1);

  remove_from_library (host, "copy.jpg");
  test_host_await_posts (host, "kept", 0);
  test_host_await_posts (host, "kept status:missing", 1);

  drop_photo (host, 0, "back again.jpg");
  test_host_await_posts (host, "kept", 1);
  g_assert_cmpint (test_host_count_posts (host, ""), ==, 2);
  test_host_stop (host);
}

/* What happened while nobody looked is found at the next start. */
static void
test_changes_while_stopped (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  if (!have_photos ())
    return;
  drop_photos (host);
  test_host_start_with_library (host);
  test_host_await_posts (host, "", N_PHOTOS);
  tag_post (host, newest_id (host), "kept");
  test_host_stop (host);

  rename_in_library (host, "album 0", "renamed");
  rename_in_library (host, "album 1", "renamed as well");
  drop_photo (host, N_PHOTOS, "new.jpg");
  test_host_start_with_library (host);
  test_host_await_posts (host, "", N_PHOTOS + 1);
  g_assert_cmpint (test_host_count_posts (host, "kept"), ==, 1);
  g_assert_cmpint (test_host_count_posts (host, "status:any"), ==, N_PHOTOS + 1);
  test_host_stop (host);
}

static void
test_killed_processes_are_replaced (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  GPid monitor, worker;

  if (!have_photos ())
    return;
  test_host_start_with_library (host);
  monitor = test_host_await_process (host, "booru-monitor", 1);
  drop_photos (host);
  kill (monitor, SIGKILL);
  test_host_await_gone (monitor);
  test_host_await_posts (host, "", N_PHOTOS);

  worker = test_host_await_process (host, "booru-web", 2);
  kill (worker, SIGKILL);
  test_host_await_gone (worker);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpuint (test_host_request (host, "GET", "/posts.json", NULL, NULL, NULL), ==, 200);
  test_host_await_process (host, "booru-web", 2);
  test_host_await_process (host, "booru-monitor", 1);

  g_assert_cmpint (test_host_count_posts (host, "status:any"), ==, N_PHOTOS);
  test_host_stop (host);
}

static void
test_nothing_outlives_the_host (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GArray) children = NULL;

  if (!have_photos ())
    return;
  test_host_start_with_library (host);
  drop_photos (host);
  children = test_host_list_processes (host, NULL);
  g_assert_cmpuint (children->len, >=, 3);
  test_host_signal (host, SIGKILL);
  test_host_await_exit (host);
  for (guint i = 0; i < children->len; i++)
    test_host_await_gone (g_array_index (children, GPid, i));

  /* And the next start carries on. */
  test_host_start_with_library (host);
  test_host_await_posts (host, "", N_PHOTOS);
  test_host_stop (host);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Path, size and time of change of everything in a tree, one line each. */
static void
describe_tree (const char *path, GString *out)
{
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);
  g_string_append_printf (out, "%s %o %ld %ld.%09ld %lu\n", path, st.st_mode, (long)st.st_size,
                          (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (gulong)st.st_ino);
  if (!S_ISDIR (st.st_mode))
    return;
  dir = g_dir_open (path, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_paths);
  for (guint i = 0; i < names->len; i++)
    describe_tree (names->pdata[i], out);
}

static void
make_odd_files (TestHost *host)
{
  const char *library = test_host_get_library (host);
  g_autofree char *empty = g_build_filename (library, "empty.jpg", NULL);
  g_autofree char *truncated = g_build_filename (library, "truncated.jpg", NULL);
  g_autofree char *text = g_build_filename (library, "text.png", NULL);
  g_autofree char *notes = g_build_filename (library, "notes.txt", NULL);
  g_autofree char *fifo = g_build_filename (library, "fifo.jpg", NULL);
  g_autofree char *link = g_build_filename (library, "outside", NULL);
  g_autofree char *loop = g_build_filename (library, "loop", NULL);
  g_autofree char *photo = test_host_dup_photo (0);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (photo, &content, &length, NULL));
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (g_file_set_contents (truncated, content, 1000, NULL));
  g_assert_true (g_file_set_contents (text, "not a picture at all", -1, NULL));
  g_assert_true (g_file_set_contents (notes, "shopping list", -1, NULL));
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("/usr/share/backgrounds", link), ==, 0);
  g_assert_cmpint (symlink (".", loop), ==, 0);
  drop_photo (host, 1, "line\nbreak.jpg");
  drop_photo (host, 2, "\xf0\x9f\x8e\x89 party.jpg");
  drop_photo (host, 3, "latin1-\xe4\xf6\xfc.jpg");
  drop_photo (host, 4, "no extension");
}

static void
test_odd_files (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GString) before = g_string_new (NULL), after = g_string_new (NULL);
  g_autoptr (JsonNode) posts = NULL;
  JsonArray *array;

  if (!have_photos ())
    return;
  make_odd_files (host);
  describe_tree (test_host_get_library (host), before);
  test_host_start_with_library (host);
  test_host_await_posts (host, "", 4);

  posts = test_host_get_json (host, "/posts.json");
  array = json_node_get_array (posts);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *post = json_array_get_object_element (array, i);
      g_bytes_unref (download (host, json_object_get_string_member (post, "file_url")));
    }
  test_host_stop (host);
  g_assert_cmpint (g_file_test (test_host_get_data_dir (host), G_FILE_TEST_IS_DIR), ==, TRUE);

  describe_tree (test_host_get_library (host), after);
  g_assert_cmpstr (before->str, ==, after->str);
}

static void
test_inbox (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *inbox = g_build_filename (test_host_get_data_dir (host), "..", "inbox", NULL);
  g_autofree char *option = g_strconcat ("--ingest=", inbox, NULL);
  g_autofree char *arrival = g_build_filename (inbox, "in.jpg", NULL);
  g_autofree char *photo = test_host_dup_photo (0);
  g_autofree char *content = NULL;
  gsize length;

  if (!have_photos ())
    return;
  g_assert_cmpint (g_mkdir_with_parents (inbox, 0700), ==, 0);
  test_host_start (host, option, "--workers=1", NULL);
  test_host_await_ready (host);
  g_assert_true (g_file_get_contents (photo, &content, &length, NULL));
  g_assert_true (g_file_set_contents (arrival, content, length, NULL));
  test_host_await_posts (host, "", 1);

  {
    g_autoptr (JsonNode) posts = test_host_get_json (host, "/posts.json");
    g_autoptr (GBytes) served
        = download (host, json_object_get_string_member (first_post (posts), "file_url"));
    g_assert_cmpmem (g_bytes_get_data (served, NULL), g_bytes_get_size (served), content, length);
  }
  test_host_stop (host);
}

/* A start that has to fail: with this exit code, and with these words in the log. */
static void
assert_refused (TestHost *host, int exit_code, const char *words)
{
  int status = test_host_await_exit (host);
  g_autofree char *log = test_host_dup_log (host);

  if (!WIFEXITED (status) || WEXITSTATUS (status) != exit_code || !strstr (log, words))
    g_error ("Expected exit code %d and '%s', but the wait status is 0x%x and the log:\n%s",
             exit_code, words, status, log);
}

static void
write_database (TestHost *host, const char *content, gssize length)
{
  g_autofree char *path = g_build_filename (test_host_get_data_dir (host), "booru.sqlite", NULL);

  g_assert_true (g_file_set_contents (path, content, length, NULL));
}

static void
test_bad_databases (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *path = g_build_filename (test_host_get_data_dir (host), "booru.sqlite", NULL);
  g_autofree char *content = NULL;
  gsize length;

  write_database (host,
                  "This is no database, and it is longer than its header would be.........."
                  "..............................................",
                  -1);
  test_host_start (host, NULL);
  assert_refused (host, EX_DATAERR, "booru.sqlite");

  g_assert_cmpint (g_unlink (path), ==, 0);
  test_host_start (host, NULL);
  test_host_await_ready (host);
  test_host_stop (host);

  /* user_version is the big-endian number at offset 60 of the header:
   * https://www.sqlite.org/fileformat.html. With the WAL gone the header is what counts. */
  {
    g_autofree char *wal = g_strconcat (path, "-wal", NULL);
    g_autofree char *shm = g_strconcat (path, "-shm", NULL);
    g_autofree char *sql = g_strdup_printf ("sqlite3 '%s' 'PRAGMA wal_checkpoint(TRUNCATE)'", path);
    g_autofree char *answer = NULL; /* not for whoever reads the test's results */

    if (!g_spawn_command_line_sync (sql, &answer, NULL, NULL, NULL))
      return g_test_skip ("no sqlite3 program");
    g_unlink (wal);
    g_unlink (shm);
  }
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  content[60] = 0x7f;
  write_database (host, content, length);
  test_host_start (host, NULL);
  assert_refused (host, EX_DATAERR, "newer");
}

/* Whichever plugin is there to say so. */
static void
test_folders_away (void)
{
  static const char *const alone[] = { "--disable-plugin=web", "--disable-plugin=monitor" };
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *keyfile
      = g_build_filename (test_host_get_data_dir (host), "settings.conf", NULL);
  g_autofree char *option = g_strconcat ("--settings=", keyfile, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (alone); i++)
    {
      test_host_start (host, alone[i], "--library=/nowhere", NULL);
      assert_refused (host, EX_NOINPUT, "The library folder “/nowhere” does not exist");
    }
  /* One that was not typed just now may be on a disk that is not mounted. */
  g_assert_true (
      g_file_set_contents (keyfile, "[host]\nlibrary-folders=[b'/elsewhere']\n", -1, NULL));
  test_host_start (host, option, NULL);
  test_host_await_ready (host);
  test_host_await_log (host, "/elsewhere is not there", 1);
  test_host_stop (host);
}

static void
test_second_host_is_refused (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *program = test_host_build_path ("core/host/booru-host");
  g_autofree char *data_dir = g_strconcat ("--data-dir=", test_host_get_data_dir (host), NULL);
  g_autofree char *output = NULL, *pid = NULL;
  const char *argv[] = { program, data_dir, "--port=0", NULL };
  g_autoptr (GError) error = NULL;
  int status;

  test_host_start (host, NULL);
  test_host_await_ready (host);
  g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, &output, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EX_UNAVAILABLE);
  pid = g_strdup_printf ("%d", test_host_get_pid (host));
  g_assert_nonnull (strstr (output, pid));
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/board/photos-appear", test_photos_appear);
  g_test_add_func ("/board/files-are-followed", test_files_are_followed);
  g_test_add_func ("/board/changes-while-stopped", test_changes_while_stopped);
  g_test_add_func ("/board/killed-processes-are-replaced", test_killed_processes_are_replaced);
  g_test_add_func ("/board/nothing-outlives-the-host", test_nothing_outlives_the_host);
  g_test_add_func ("/board/odd-files", test_odd_files);
  g_test_add_func ("/board/inbox", test_inbox);
  g_test_add_func ("/board/bad-databases", test_bad_databases);
  g_test_add_func ("/board/folders-away", test_folders_away);
  g_test_add_func ("/board/second-host-is-refused", test_second_host_is_refused);
  return g_test_run ();
}
