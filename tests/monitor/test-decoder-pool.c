/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pool, with a decoder that does wrong as it is told (faulty-decoder.c). */
#include <fcntl.h>
#include <unistd.h>

#include "pool-fixture.h"

typedef struct
{
  const char *order;
  BooruError code;
  const char *message;
} Fault;

static const Fault faults[] = {
  { "crash", BOORU_ERROR_FAILED, "SIGSEGV" },
  { "abort", BOORU_ERROR_FAILED, "SIGABRT" },
  { "processor time", BOORU_ERROR_LIMIT, "processor time" },
  { "out of memory", BOORU_ERROR_LIMIT, "more memory than the limit of 1024 MB" },
  { "killed", BOORU_ERROR_LIMIT, "killed from outside" },
  { "terminated", BOORU_ERROR_LIMIT, "killed from outside" },
  { "exit", BOORU_ERROR_FAILED, "last words" },
  { "garble", BOORU_ERROR_FAILED, "invalid answer" },
  { "no room", BOORU_ERROR_BUSY, "No room" },
};

static const char *
get_program (void)
{
  return g_getenv ("BOORU_TEST_FAULTY_DECODER");
}

static char *
order_file (PoolFixture *fixture, const char *order)
{
  g_autofree char *contents = g_strconcat ("GIF89a", order, NULL);

  return test_write_file (fixture->folder, order, contents);
}

static void
assert_works (PoolFixture *fixture)
{
  g_autofree char *path = order_file (fixture, "nothing wrong");
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) result = decode (fixture, path, &error);
  g_autofree char *thumbnail = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (result->media.ext, ==, "gif");
  g_assert_true (g_file_get_contents (result->variants[0], &thumbnail, NULL, &error));
  g_assert_true (g_str_has_prefix (thumbnail, "RIFF"));
  g_assert_null (result->variants[1]);
}

/* Each fault costs its own file, and neither the one beside it nor the next. */
static void
test_faults (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *good = order_file (fixture, "nothing wrong");

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = order_file (fixture, faults[i].order);
      g_auto (Answer) bad = { 0 };
      g_auto (Answer) beside = { 0 };
      g_auto (Answer) next = { 0 };

      g_test_message ("%s", faults[i].order);
      if (g_str_equal (faults[i].order, "garble"))
        g_test_expect_message ("booru-monitor", G_LOG_LEVEL_WARNING, "*make no sense*");
      ask (fixture, path, NULL, &bad);
      ask (fixture, good, NULL, &beside);
      ask (fixture, good, NULL, &next);
      await (&bad);
      await (&beside);
      await (&next);
      g_assert_error (bad.error, BOORU_ERROR, (gint)faults[i].code);
      test_assert_contains (bad.error->message, faults[i].message);
      g_assert_no_error (beside.error);
      g_assert_no_error (next.error);
    }
}

/* What a decoder says that was taken over by its file. */
static void
test_lies (PoolFixture *fixture, gconstpointer data)
{
  static const char *const lies[] = {
    "path",
    "slash",
    "control",
    "upper",
    "other",
    "empty",
    "unknown",
    "dot",
    "not-utf8",
    "longer",
    "endless",
    "width-zero",
    "width-negative",
    "height-zero",
    "huge",
    "frames-negative",
    "duration-nan",
    "duration-infinite",
    "duration-huge",
    "frame-hashes",
    "variants",
    "metadata-size",
    "status",
    "code",
    "thumbnail-not-written",
    "thumbnail-cut",
    "thumbnail-text",
    "thumbnail-endless",
    "thumbnail-large",
    "thumbnail-mapped",
    "thumbnail-sealed",
  };
  guint n_believed = 0;

  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the pool warns of some */
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = order_file (fixture, lies[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (MonitorDecodeResult) result = decode (fixture, path, &error);

      if (result != NULL || strstr (error->message, "an invalid answer") == NULL)
        {
          g_test_message ("believed: %s", lies[i]);
          n_believed++;
        }
      assert_works (fixture);
    }
  g_assert_cmpuint (n_believed, ==, 0);
}

/* The picture is shown without it. */
static void
test_metadata (PoolFixture *fixture, gconstpointer data)
{
  static const char *const lies[]
      = { "metadata-control", "metadata-nested", "metadata-list", "metadata-name" };
  g_autofree char *good = order_file (fixture, "metadata");
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, good);

  g_assert_cmpstr (result->metadata, ==, "{\"a\":\"text\",\"b\":[1,\"two\"]}");
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = order_file (fixture, lies[i]);
      g_autoptr (MonitorDecodeResult) without = decode_well (fixture, path);

      g_test_message ("%s", lies[i]);
      g_assert_null (without->metadata);
    }
}

static void
test_hang (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "hang with a child");
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  fixture->options.timeout = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  result = decode (fixture, path, &error);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
  test_assert_contains (error->message, "1 second");
  /* What it started is gone as well. */
  while (has_faulty_child ())
    g_main_context_iteration (NULL, FALSE);
  assert_works (fixture);
}

static void
test_loop (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "loop");
  g_autoptr (GError) error = NULL;

  fixture->options.timeout = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  g_assert_null (decode (fixture, path, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
  assert_works (fixture);
}

static void
test_cancel (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *hang = order_file (fixture, "hang with a child");
  g_autoptr (GCancellable) running = g_cancellable_new ();
  g_autoptr (GCancellable) waiting = g_cancellable_new ();
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_auto (Answer) a = { 0 };
  g_auto (Answer) b = { 0 };
  g_auto (Answer) c = { 0 };

  fixture->options.max = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  ask (fixture, hang, running, &a);
  ask (fixture, hang, waiting, &b);
  while (!has_faulty_child ())
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (waiting);
  await (&b);
  g_assert_error (b.error, BOORU_ERROR, BOORU_ERROR_CANCELLED);
  g_assert_false (a.done);
  g_cancellable_cancel (running);
  await (&a);
  g_assert_error (a.error, BOORU_ERROR, BOORU_ERROR_CANCELLED);
  g_cancellable_cancel (before);
  ask (fixture, hang, before, &c);
  await (&c);
  g_assert_error (c.error, BOORU_ERROR, BOORU_ERROR_CANCELLED);
  assert_works (fixture);
}

/* Once more before the file is blamed, and with no other decoder running. */
static void
test_killed (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *marker = g_build_filename (fixture->folder, "marker", NULL);
  g_autofree char *text = g_strconcat ("GIF89akilled once ", marker, NULL);
  g_autofree char *killed = test_write_file (fixture->folder, "killed", text);
  g_autofree char *good = order_file (fixture, "nothing wrong");
  g_auto (Answer) answer = { 0 };
  Answer others[10] = { 0 };

  fixture->options.max = 3;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  ask (fixture, killed, NULL, &answer);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    ask (fixture, good, NULL, &others[i]);
  await (&answer);
  g_assert_no_error (answer.error);
  g_assert_true (g_file_test (marker, G_FILE_TEST_EXISTS));
  g_assert_cmpint (answer.result->media.height, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      await (&others[i]);
      g_assert_no_error (others[i].error);
      answer_clear (&others[i]);
    }
}

/* Of files that never end, all but half of the decoders' worth give way, and only to others. */
static void
test_slow (PoolFixture *fixture, gconstpointer data)
{
  const MonitorDecodeHints slow = { .slow = TRUE };
  g_autofree char *hang = order_file (fixture, "hang with a child");
  g_autofree char *good = order_file (fixture, "nothing wrong");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answers[4] = { 0 };
  g_auto (Answer) fast = { 0 };

  fixture->options.timeout = 20; /* of which a part is the slice */
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    ask (fixture, hang, cancellable, &answers[i]);
  ask (fixture, good, NULL, &fast);
  await (&fast);
  g_assert_no_error (fast.error);
  for (guint i = 1; i < G_N_ELEMENTS (answers); i++)
    {
      await (&answers[i]);
      g_assert_error (answers[i].error, BOORU_ERROR, BOORU_ERROR_PREEMPTED);
      answer_clear (&answers[i]);
    }
  g_assert_false (answers[0].done);

  /* A slow one takes the other decoder as long as nobody else waits. */
  ask_with_hints (fixture, hang, &slow, cancellable, &answers[1]);
  answer_clear (&fast);
  ask (fixture, good, NULL, &fast);
  await (&fast);
  g_assert_no_error (fast.error);
  g_cancellable_cancel (cancellable);
  await (&answers[0]);
  g_assert_error (answers[0].error, BOORU_ERROR, BOORU_ERROR_CANCELLED);
  answer_clear (&answers[0]);
  await (&answers[1]);
  g_assert_nonnull (answers[1].error); /* cancelled, or preempted just before */
  answer_clear (&answers[1]);
}

typedef struct
{
  char order[12]; /* of whom each file is, as they were decoded */
  guint n_done;
} Turns;

static void
note_turn (Turns *turns, GObject *pool, GAsyncResult *result, char whose)
{
  g_autoptr (MonitorDecodeResult) decoded
      = monitor_decoder_pool_decode_finish (MONITOR_DECODER_POOL (pool), result, NULL);

  turns->order[decoded->media.frames - 1] = whose; /* the decoder counts */
  turns->n_done++;
}

static void
on_person (GObject *pool, GAsyncResult *result, gpointer turns)
{
  note_turn (turns, pool, result, 'p');
}

static void
on_other (GObject *pool, GAsyncResult *result, gpointer turns)
{
  note_turn (turns, pool, result, 'o');
}

/* What a person waits for comes first, but others get on meanwhile. */
static void
test_turns (PoolFixture *fixture, gconstpointer data)
{
  const MonitorDecodeHints person = { .for_person = TRUE };
  g_autofree char *path = order_file (fixture, "nothing wrong");
  Turns turns = { 0 };
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  fixture->options.max = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  for (guint i = 0; i < 3; i++)
    monitor_decoder_pool_decode_async (fixture->pool, fd, NULL, NULL, on_other, &turns);
  for (guint i = 0; i < 8; i++)
    monitor_decoder_pool_decode_async (fixture->pool, fd, &person, NULL, on_person, &turns);
  close (fd);
  while (turns.n_done < 11)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (turns.order, ==, "pppopppoppo");
}

/* As many as there is work for, no more than max; none when idle. */
static void
test_scale (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "nothing wrong");
  Answer answers[20] = { 0 };
  guint most = 0;

  fixture->options.max = 3;
  fixture->options.idle_timeout = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  g_assert_cmpuint (monitor_decoder_pool_get_n_processes (fixture->pool), ==, 0);
  g_assert_cmpuint (monitor_decoder_pool_get_capacity (fixture->pool), ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    ask (fixture, path, NULL, &answers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      await (&answers[i]);
      g_assert_no_error (answers[i].error);
      most = MAX (most, monitor_decoder_pool_get_n_processes (fixture->pool));
      answer_clear (&answers[i]);
    }
  g_assert_cmpuint (most, ==, 3);
  while (monitor_decoder_pool_get_n_processes (fixture->pool) > 0)
    g_main_context_iteration (NULL, TRUE);
  assert_works (fixture);
}

/* Those that are expected start at once, and are the ones that get the work. */
static void
test_expect (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "nothing wrong");
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  fixture->options.idle_timeout = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  monitor_decoder_pool_expect (fixture->pool, 1);
  g_assert_cmpuint (monitor_decoder_pool_get_n_started (fixture->pool), ==, 1);
  monitor_decoder_pool_expect (fixture->pool, 1);
  g_assert_cmpuint (monitor_decoder_pool_get_n_started (fixture->pool), ==, 1);
  monitor_decoder_pool_expect (fixture->pool, 50);
  g_assert_cmpuint (monitor_decoder_pool_get_n_started (fixture->pool), ==, 2);
  result = decode (fixture, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (monitor_decoder_pool_get_n_started (fixture->pool), ==, 2);
  while (monitor_decoder_pool_get_n_processes (fixture->pool) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_minimum (PoolFixture *fixture, gconstpointer data)
{
  fixture->options.min = 1;
  fixture->options.idle_timeout = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  g_assert_cmpuint (monitor_decoder_pool_get_n_processes (fixture->pool), ==, 1);
  assert_works (fixture);
  /* One that crashes is replaced. */
  {
    g_autofree char *path = order_file (fixture, "crash");
    g_autoptr (GError) error = NULL;

    g_assert_null (decode (fixture, path, &error));
    g_assert_error (error, BOORU_ERROR, BOORU_ERROR_FAILED);
  }
  while (monitor_decoder_pool_get_n_processes (fixture->pool) != 1)
    g_main_context_iteration (NULL, TRUE);
  assert_works (fixture);
}

/* The fake decoder gives its process id as the picture's width. */
static gint
get_decoder_pid (PoolFixture *fixture, const char *order)
{
  g_autofree char *path = order_file (fixture, order);
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) result = decode (fixture, path, &error);

  g_assert_no_error (error);
  return result->media.width;
}

static void
test_recycle (PoolFixture *fixture, gconstpointer data)
{
  gint first, second;
  guint n = 1;

  fixture->options.max = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  first = get_decoder_pid (fixture, "nothing wrong");
  g_assert_cmpint (get_decoder_pid (fixture, "nothing wrong"), ==, first);
  g_assert_cmpint (get_decoder_pid (fixture, "large"), ==, first);
  second = get_decoder_pid (fixture, "nothing wrong");
  g_assert_cmpint (second, !=, first);
  while (get_decoder_pid (fixture, "nothing wrong") == second)
    g_assert_cmpuint (n++, <=, 250);

  first = get_decoder_pid (fixture, "nothing wrong");
  fixture->options.memory_limit *= 2;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  g_assert_cmpint (get_decoder_pid (fixture, "nothing wrong"), !=, first);
}

/* A video gets a process that has seen nothing else, and that sees nothing after it. */
static void
test_video (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "video");
  g_autoptr (GError) error = NULL;
  gint first;

  fixture->options.max = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  first = get_decoder_pid (fixture, "nothing wrong");
  /* This one asks for it again and again: it gets no further. */
  g_assert_null (decode (fixture, path, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (get_decoder_pid (fixture, "nothing wrong"), !=, first);
}

static void
test_flood (PoolFixture *fixture, gconstpointer data)
{
  gint pid = get_decoder_pid (fixture, "nothing wrong");

  g_assert_cmpint (get_decoder_pid (fixture, "flood"), ==, pid);
}

/* Given back after a few tries; and once the program is there, all is well. */
static void
test_no_program (PoolFixture *fixture, gconstpointer program)
{
  g_autofree char *path = order_file (fixture, "nothing wrong");
  g_auto (Answer) a = { 0 };
  g_auto (Answer) b = { 0 };

  g_test_expect_message ("booru-monitor", G_LOG_LEVEL_WARNING, "*decoder*");
  fixture->options.program = program;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  ask (fixture, path, NULL, &a);
  ask (fixture, path, NULL, &b);
  await (&a);
  await (&b);
  g_assert_error (a.error, BOORU_ERROR, BOORU_ERROR_IO);
  g_assert_error (b.error, BOORU_ERROR, BOORU_ERROR_IO);
  test_assert_contains (a.error->message, program);
  g_test_assert_expected_messages ();

  fixture->options.program = get_program ();
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  assert_works (fixture);
}

static void
test_no_folder (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "nothing wrong");
  g_autoptr (GError) error = NULL;

  fixture->options.output_dir = "/nonexistent/folder";
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  g_assert_null (decode (fixture, path, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_IO);
  test_assert_contains (error->message, "/nonexistent/folder");
  fixture->options.output_dir = fixture->output;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  assert_works (fixture);
}

/* The caller may close, read or move its descriptor as it likes. */
static void
test_own_offset (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = order_file (fixture, "nothing wrong");
  g_auto (Answer) answer = { 0 };
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  lseek (fd, 5, SEEK_SET);
  ask_for_open (fixture, fd, NULL, NULL, &answer);
  await (&answer);
  g_assert_no_error (answer.error);
  g_assert_cmpint (lseek (fd, 0, SEEK_CUR), ==, 5);
  close (fd);
}

#define ADD(name, data, function)                                                                  \
  pool_fixture_add_faulty_test ("/decoder/pool/" name, data, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("faults", NULL, test_faults);
  ADD ("lies", NULL, test_lies);
  ADD ("metadata", NULL, test_metadata);
  ADD ("hang", NULL, test_hang);
  ADD ("loop", NULL, test_loop);
  ADD ("cancel", NULL, test_cancel);
  ADD ("killed", NULL, test_killed);
  ADD ("slow", NULL, test_slow);
  ADD ("turns", NULL, test_turns);
  ADD ("scale", NULL, test_scale);
  ADD ("expect", NULL, test_expect);
  ADD ("minimum", NULL, test_minimum);
  ADD ("recycle", NULL, test_recycle);
  ADD ("video", NULL, test_video);
  ADD ("flood", NULL, test_flood);
  ADD ("no-program", "/nonexistent/booru-decoder", test_no_program);
  ADD ("ends-at-once", "/bin/false", test_no_program);
  ADD ("no-folder", NULL, test_no_folder);
  ADD ("own-offset", NULL, test_own_offset);
  return g_test_run ();
}
