/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pool with a folder of its own; at its end nothing may be left of it. */
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test-util.h"
#include "decoder-pool.h"

typedef struct
{
  char *folder; /* for the test's files */
  char *output; /* the pool's */
  MonitorDecoderOptions options;
  MonitorDecoderPool *pool;
  guint n_fds;
} PoolFixture;

typedef struct
{
  MonitorDecodeResult *result;
  GError *error;
  gboolean done;
} Answer;

static inline guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static inline void
pool_fixture_set_up (PoolFixture *fixture, const char *program)
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
  /* GLib's own descriptors are there from the first child on. */
  g_spawn_command_line_sync ("true", NULL, NULL, NULL, NULL);
  {
    const char *argv[] = { "true", NULL };
    g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);

    g_subprocess_wait (process, NULL, NULL);
  }
  fixture->n_fds = count_entries ("/proc/self/fd");
  fixture->pool = monitor_decoder_pool_new (&fixture->options);
}

static inline gboolean
have_children (void)
{
  siginfo_t info;

  return waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static inline void
pool_fixture_tear_down (PoolFixture *fixture)
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

static inline void
on_answer (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->result
      = monitor_decoder_pool_decode_finish (MONITOR_DECODER_POOL (object), result, &answer->error);
  g_assert_true ((answer->result != NULL) != (answer->error != NULL));
  answer->done = TRUE;
}

static inline void
ask_with_hints (PoolFixture *fixture,
                const char *path,
                const MonitorDecodeHints *hints,
                GCancellable *cancellable,
                Answer *answer)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  monitor_decoder_pool_decode_async (fixture->pool, fd, hints, cancellable, on_answer, answer);
  close (fd);
}

static inline void
ask (PoolFixture *fixture, const char *path, GCancellable *cancellable, Answer *answer)
{
  ask_with_hints (fixture, path, NULL, cancellable, answer);
}

static inline void
await (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static inline void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->result, monitor_decode_result_free);
  g_clear_error (&answer->error);
  answer->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static inline MonitorDecodeResult *
decode (PoolFixture *fixture, const char *path, GError **error)
{
  Answer answer = { 0 };

  ask (fixture, path, NULL, &answer);
  await (&answer);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

static inline MonitorDecodeResult *
decode_well (PoolFixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;
  MonitorDecodeResult *result = decode (fixture, path, &error);

  g_assert_no_error (error);
  return result;
}

static inline void
assert_refused (PoolFixture *fixture, const char *path, BooruError code)
{
  g_autoptr (GError) error = NULL;
  MonitorDecodeResult *result = decode (fixture, path, &error);

  g_assert_null (result);
  g_test_message ("%s", error->message);
  g_assert_error (error, BOORU_ERROR, (gint)code);
}
