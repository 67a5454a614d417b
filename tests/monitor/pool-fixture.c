/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pool-fixture.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
set_up_program (PoolFixture *fixture, const char *program)
{
  fixture->folder = test_make_folder ();
  fixture->output = g_build_filename (fixture->folder, "output", NULL);
  g_assert_cmpint (g_mkdir (fixture->output, 0700), ==, 0);
  fixture->options = (MonitorDecoderOptions){ .program = program,
                                              .output_dir = fixture->output,
                                              .max = 2,
                                              .idle_timeout = 60,
                                              .timeout = 60,
                                              .memory_limit = G_GUINT64_CONSTANT (1) << 30,
                                              .max_pixels = 100000000 };
  /* GLib's own descriptors: of the main context, and from the first child on of its worker. */
  g_main_context_default ();
  g_spawn_command_line_sync ("true", NULL, NULL, NULL, NULL);
  {
    const char *argv[] = { "true", NULL };
    g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);

    g_subprocess_wait (process, NULL, NULL);
  }
  fixture->n_fds = count_entries ("/proc/self/fd");
  fixture->pool = monitor_decoder_pool_new (&fixture->options);
}

static void
set_up (PoolFixture *fixture, gconstpointer data)
{
  set_up_program (fixture, g_getenv ("BOORU_TEST_DECODER"));
}

static void
set_up_faulty (PoolFixture *fixture, gconstpointer data)
{
  set_up_program (fixture, g_getenv ("BOORU_TEST_FAULTY_DECODER"));
}

static gboolean
have_children (void)
{
  siginfo_t info;

  return waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void
tear_down (PoolFixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->pool);
  /* Their ends are taken note of by GLib's worker, which tells this thread. */
  while (have_children () || count_entries ("/proc/self/fd") > fixture->n_fds)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (count_entries (fixture->output), ==, 0);
  test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->output);
}

void
pool_fixture_add_test (const char *path, gconstpointer data, PoolFixtureTest test)
{
  g_test_add (path, PoolFixture, data, set_up, test, tear_down);
}

void
pool_fixture_add_faulty_test (const char *path, gconstpointer data, PoolFixtureTest test)
{
  g_test_add (path, PoolFixture, data, set_up_faulty, test, tear_down);
}

gboolean
has_faulty_child (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  g_autofree char *pattern = g_strdup_printf ("(faulty-%d) ", (int)getpid ());
  const char *entry;

  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", entry, "stat", NULL);
      g_autofree char *text = NULL;
      const char *found;

      if (!g_ascii_isdigit (*entry) || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      found = strstr (text, pattern);
      if (found != NULL && found[strlen (pattern)] != 'Z')
        return TRUE;
    }
  return FALSE;
}

static void
on_answer (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->result
      = monitor_decoder_pool_decode_finish (MONITOR_DECODER_POOL (object), result, &answer->error);
  g_assert_true ((answer->result != NULL) != (answer->error != NULL));
  answer->done = TRUE;
}

void
ask_for_open (PoolFixture *fixture,
              int fd,
              const MonitorDecodeHints *hints,
              GCancellable *cancellable,
              Answer *answer)
{
  monitor_decoder_pool_decode_async (fixture->pool, fd, hints, cancellable, on_answer, answer);
}

void
ask_with_hints (PoolFixture *fixture,
                const char *path,
                const MonitorDecodeHints *hints,
                GCancellable *cancellable,
                Answer *answer)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  ask_for_open (fixture, fd, hints, cancellable, answer);
  close (fd);
}

void
ask (PoolFixture *fixture, const char *path, GCancellable *cancellable, Answer *answer)
{
  ask_with_hints (fixture, path, NULL, cancellable, answer);
}

void
await (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->result, monitor_decode_result_free);
  g_clear_error (&answer->error);
  answer->done = FALSE;
}

MonitorDecodeResult *
decode (PoolFixture *fixture, const char *path, GError **error)
{
  Answer answer = { 0 };

  ask (fixture, path, NULL, &answer);
  await (&answer);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

MonitorDecodeResult *
decode_well (PoolFixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;
  MonitorDecodeResult *result = decode (fixture, path, &error);

  g_assert_no_error (error);
  return result;
}

void
assert_refused (PoolFixture *fixture, const char *path, BooruError code)
{
  g_autoptr (GError) error = NULL;
  MonitorDecodeResult *result = decode (fixture, path, &error);

  g_assert_null (result);
  g_test_message ("%s", error->message);
  g_assert_error (error, BOORU_ERROR, (gint)code);
}
