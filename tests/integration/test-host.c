/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-host.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

struct _TestHost
{
  char *root, *data_dir, *library, *log_path;
  char **environment;
  int passed_fd; /* -1: none */
  GPid pid;
  char *base_url; /* known from the log */
  SoupSession *session;
};

char *
test_host_build_path (const char *below_build_root)
{
  const char *root = g_getenv ("BOORU_TEST_BUILD_ROOT");

  g_assert_nonnull (root);
  return g_build_filename (root, below_build_root, NULL);
}

static char *
make_folder (const char *parent, const char *name)
{
  char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  return path;
}

static TestHost *
new_host (TestHost *other)
{
  TestHost *self = g_new0 (TestHost, 1);
  g_autofree char *runtime = NULL;

  self->passed_fd = -1;
  self->root = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  g_assert_nonnull (self->root);
  self->data_dir = other ? g_strdup (other->data_dir) : make_folder (self->root, "data");
  self->library = other ? g_strdup (other->library) : make_folder (self->root, "library");
  self->log_path = g_build_filename (self->root, "log", NULL);
  self->environment = g_get_environ ();
  self->session = soup_session_new ();
  soup_session_set_timeout (self->session, 30);

  runtime = make_folder (self->root, "run");
  test_host_setenv (self, "BOORU_RUNTIME_DIR", runtime);
  return self;
}

TestHost *
test_host_new (void)
{
  return new_host (NULL);
}

TestHost *
test_host_new_beside (TestHost *other)
{
  return new_host (other);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && (dir = g_dir_open (path, 0, NULL)) != NULL)
    {
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);
          remove_tree (child);
        }
    }
  g_remove (path);
}

void
test_host_free (TestHost *self)
{
  if (self->pid != 0)
    {
      kill (self->pid, SIGKILL);
      waitpid (self->pid, NULL, 0);
    }
  remove_tree (self->root);
  g_clear_object (&self->session);
  g_strfreev (self->environment);
  g_free (self->base_url);
  g_free (self->root);
  g_free (self->data_dir);
  g_free (self->library);
  g_free (self->log_path);
  g_free (self);
}

const char *
test_host_get_data_dir (TestHost *self)
{
  return self->data_dir;
}

const char *
test_host_get_library (TestHost *self)
{
  return self->library;
}

void
test_host_setenv (TestHost *self, const char *name, const char *value)
{
  self->environment = value ? g_environ_setenv (self->environment, name, value, TRUE)
                            : g_environ_unsetenv (self->environment, name);
}

/* Runs in the forked child: its output goes to the log, whatever reads it or not. */
static void
redirect_output (gpointer data)
{
  int fd = g_open (data, O_WRONLY | O_CREAT | O_APPEND, 0600);

  /* A test that fails leaves no host behind. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  dup2 (fd, STDOUT_FILENO);
  dup2 (fd, STDERR_FILENO);
}

void
test_host_pass_socket (TestHost *self, int fd)
{
  self->passed_fd = fd;
}

/* The service manager knows the pid of what it starts: so does a shell that becomes it. */
#define ACTIVATION "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\""

static void
spawn (TestHost *self, GPtrArray *arguments)
{
  const int target = 3;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (self->pid, ==, 0);
  g_clear_pointer (&self->base_url, g_free);
  g_remove (self->log_path);
  g_spawn_async_with_pipes_and_fds (
      NULL, (const char *const *)arguments->pdata, (const char *const *)self->environment,
      G_SPAWN_DO_NOT_REAP_CHILD, redirect_output, self->log_path, -1, -1, -1, &self->passed_fd,
      &target, self->passed_fd >= 0 ? 1 : 0, &self->pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
start (TestHost *self, const char *script, va_list more)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  const char *const shell[] = { "/bin/sh", "-c", script, "sh" };
  const char *argument;

  for (guint i = 0; script && i < G_N_ELEMENTS (shell); i++)
    g_ptr_array_add (arguments, g_strdup (shell[i]));
  g_ptr_array_add (arguments, test_host_build_path ("core/host/booru-host"));
  g_ptr_array_add (arguments, g_strdup_printf ("--data-dir=%s", self->data_dir));
  g_ptr_array_add (arguments, g_strdup ("--port=0"));
  while ((argument = va_arg (more, const char *)) != NULL)
    g_ptr_array_add (arguments, g_strdup (argument));
  g_ptr_array_add (arguments, NULL);
  spawn (self, arguments);
}

void
test_host_start (TestHost *self, ...)
{
  va_list more;

  va_start (more, self);
  start (self, self->passed_fd >= 0 ? ACTIVATION : NULL, more);
  va_end (more);
}

void
test_host_start_in (TestHost *self, const char *script, ...)
{
  va_list more;

  va_start (more, script);
  start (self, script, more);
  va_end (more);
}

void
test_host_start_with_library (TestHost *self)
{
  test_host_start (self, "--workers=2", self->library, NULL);
  test_host_await_ready (self);
}

GPid
test_host_get_pid (TestHost *self)
{
  return self->pid;
}

void
test_host_signal (TestHost *self, int signum)
{
  g_assert_cmpint (kill (self->pid, signum), ==, 0);
}

void
test_host_await (TestHost *self, const char *what, TestCondition condition, gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + TEST_HOST_PATIENCE_SECONDS * G_USEC_PER_SEC;
  g_autofree char *log = NULL;

  while (!condition (data))
    {
      if (g_get_monotonic_time () > deadline)
        {
          log = test_host_dup_log (self);
          g_error ("Waited %d s in vain for %s. The host's log:\n%s", TEST_HOST_PATIENCE_SECONDS,
                   what, log);
        }
      g_usleep (5000);
    }
}

/* Exit. */

typedef struct
{
  TestHost *host;
  int status;
} Exit;

static gboolean
has_exited (gpointer data)
{
  Exit *exit = data;

  return waitpid (exit->host->pid, &exit->status, WNOHANG) == exit->host->pid;
}

int
test_host_await_exit (TestHost *self)
{
  Exit exit = { self, 0 };

  test_host_await (self, "the host's end", has_exited, &exit);
  self->pid = 0;
  return exit.status;
}

void
test_host_stop (TestHost *self)
{
  g_autoptr (GError) error = NULL;

  test_host_signal (self, SIGTERM);
  g_spawn_check_wait_status (test_host_await_exit (self), &error);
  if (error)
    {
      g_autofree char *log = test_host_dup_log (self);
      g_error ("The host stopped with an error: %s. Its log:\n%s", error->message, log);
    }
  g_assert_no_error (error);
}

/* Processes. */

static gboolean
read_stat (GPid pid, char state[1], GPid *parent, char **comm)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  char *open, *close;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  open = strchr (text, '(');
  close = strrchr (text, ')');
  if (!open || !close || sscanf (close + 1, " %c %d", state, parent) != 2)
    return FALSE;
  if (comm)
    *comm = g_strndup (open + 1, close - open - 1);
  return TRUE;
}

gboolean
test_host_process_lives (GPid pid)
{
  char state = 0;
  GPid parent;

  return read_stat (pid, &state, &parent, NULL) && state != 'Z' && state != 'X';
}

GArray *
test_host_list_processes (TestHost *self, const char *name)
{
  GArray *pids = g_array_new (FALSE, FALSE, sizeof (GPid));
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *entry;

  while ((entry = g_dir_read_name (proc)) != NULL)
    {
      GPid pid = atoi (entry), parent;
      g_autofree char *comm = NULL;
      char state;

      if (pid > 0 && read_stat (pid, &state, &parent, &comm) && parent == self->pid && state != 'Z'
          && (name == NULL || g_str_equal (comm, name)))
        g_array_append_val (pids, pid);
    }
  return pids;
}

guint
test_host_count_processes (TestHost *self, const char *name)
{
  g_autoptr (GArray) pids = test_host_list_processes (self, name);

  return pids->len;
}

typedef struct
{
  TestHost *host;
  const char *text;
  gint64 count;
  GPid pid;
} Expectation;

static gboolean
has_processes (gpointer data)
{
  Expectation *expected = data;
  g_autoptr (GArray) pids = test_host_list_processes (expected->host, expected->text);

  if (pids->len > 0)
    expected->pid = g_array_index (pids, GPid, 0);
  return pids->len == expected->count;
}

GPid
test_host_await_process (TestHost *self, const char *name, guint count)
{
  Expectation expected = { self, name, count, 0 };

  test_host_await (self, name, has_processes, &expected);
  return expected.pid;
}

static gboolean
is_gone (gpointer data)
{
  return !test_host_process_lives (GPOINTER_TO_INT (data));
}

void
test_host_await_gone (GPid pid)
{
  gint64 deadline = g_get_monotonic_time () + TEST_HOST_PATIENCE_SECONDS * G_USEC_PER_SEC;

  while (!is_gone (GINT_TO_POINTER (pid)))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
}

/* The log. */

char *
test_host_dup_log (TestHost *self)
{
  char *text = NULL;

  return g_file_get_contents (self->log_path, &text, NULL, NULL) ? text : g_strdup ("");
}

guint
test_host_count_log (TestHost *self, const char *text)
{
  g_autofree char *log = test_host_dup_log (self);
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);
  guint count = 0;

  for (char **line = lines; *line; line++)
    count += strstr (*line, text) != NULL;
  return count;
}

static gboolean
log_holds (gpointer data)
{
  Expectation *expected = data;

  return test_host_count_log (expected->host, expected->text) >= expected->count;
}

void
test_host_await_log (TestHost *self, const char *text, guint count)
{
  Expectation expected = { self, text, count, 0 };

  test_host_await (self, text, log_holds, &expected);
}

/* HTTP. */

static const char *
find_base_url (TestHost *self)
{
  g_autofree char *log = NULL;
  const char *start;

  if (self->base_url)
    return self->base_url;
  log = test_host_dup_log (self);
  start = strstr (log, "http://127.0.0.1:");
  if (start == NULL)
    return NULL;
  self->base_url = g_strndup (start, strspn (start, "htp:/0123456789."));
  if (g_str_has_suffix (self->base_url, "/"))
    self->base_url[strlen (self->base_url) - 1] = '\0';
  return self->base_url;
}

guint
test_host_request (TestHost *self,
                   const char *method,
                   const char *path,
                   const char *content_type,
                   const char *body,
                   GBytes **answer)
{
  const char *base = find_base_url (self);
  g_autofree char *url = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (base == NULL)
    return 0;
  url = g_strconcat (base, path, NULL);
  message = soup_message_new (method, url);
  if (body != NULL)
    {
      g_autoptr (GBytes) request = g_bytes_new (body, strlen (body));
      soup_message_set_request_body_from_bytes (message, content_type, request);
    }
  bytes = soup_session_send_and_read (self->session, message, NULL, NULL);
  if (answer != NULL)
    *answer = g_steal_pointer (&bytes);
  return soup_message_get_status (message);
}

JsonNode *
test_host_get_json (TestHost *self, const char *path)
{
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  guint status = test_host_request (self, "GET", path, NULL, NULL, &answer);

  g_assert_cmpuint (status, ==, 200);
  json_parser_load_from_data (parser, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer),
                              &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static gboolean
is_ready (gpointer data)
{
  TestHost *self = data;
  int status;

  if (waitpid (self->pid, &status, WNOHANG) == self->pid)
    {
      g_autofree char *log = test_host_dup_log (self);
      self->pid = 0;
      g_error ("The host ended with status %d. Its log:\n%s", status, log);
    }
  return test_host_request (self, "GET", "/health", NULL, NULL, NULL) == 200;
}

void
test_host_await_ready (TestHost *self)
{
  test_host_await (self, "/health to answer 200", is_ready, self);
}

gint64
test_host_count_posts (TestHost *self, const char *tags)
{
  g_autofree char *escaped = g_uri_escape_string (tags, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/counts/posts.json?tags=%s", escaped);
  g_autoptr (JsonNode) root = test_host_get_json (self, path);
  JsonObject *counts = json_object_get_object_member (json_node_get_object (root), "counts");

  return json_object_get_int_member (counts, "posts");
}

static gboolean
posts_are (gpointer data)
{
  Expectation *expected = data;

  return test_host_count_posts (expected->host, expected->text) == expected->count;
}

void
test_host_await_posts (TestHost *self, const char *tags, gint64 count)
{
  g_autofree char *what
      = g_strdup_printf ("%" G_GINT64_FORMAT " posts of the search '%s'", count, tags);
  Expectation expected = { self, tags, count, 0 };

  test_host_await (self, what, posts_are, &expected);
}

/* The library folder. */

void
test_host_drop (TestHost *self, const char *source, const char *name)
{
  g_autofree char *target = g_build_filename (self->library, name, NULL);
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  FILE *file;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_get_contents (source, &content, &length, &error);
  g_assert_no_error (error);
  /* Written in place, as cp does it; g_file_set_contents() would rename. */
  file = g_fopen (target, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (content, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
collect_photos (const char *folder, GPtrArray *photos)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        collect_photos (path, photos);
      else if (g_str_has_suffix (name, ".jpg"))
        g_ptr_array_add (photos, g_steal_pointer (&path));
    }
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char *
test_host_dup_photo (guint index)
{
  static GPtrArray *photos;

  if (photos == NULL)
    {
      photos = g_ptr_array_new_with_free_func (g_free);
      collect_photos ("/usr/share/backgrounds", photos);
      g_ptr_array_sort (photos, compare_strings);
    }
  return index < photos->len ? g_strdup (photos->pdata[index]) : NULL;
}
