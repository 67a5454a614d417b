/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs: what they do to posts, that they can be stopped, killed and undone, and that what people do
 * meanwhile stays. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board-fixture.h"

static void
edit (BoardFixture *self, gint64 id, const char *tags)
{
  booru_post_unref (board_edit (self->store, id, tags));
}

static gint64
add_tagged (BoardFixture *self, guint content, const char *tags)
{
  g_autofree char *name = g_strdup_printf ("%u.jpg", content);
  gint64 id = board_add_post (self, name, content);

  edit (self, id, tags);
  return id;
}

/* One part of a job; returns whether there was anything to do. */
static gboolean
run_part (BooruStore *store)
{
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  BooruJobStep step = { .posts = posts };
  g_autoptr (GError) error = NULL;

  booru_store_run_jobs (store, &step, &error);
  g_assert_no_error (error);
  return step.job_id != 0;
}

static void
run_all (BoardFixture *self)
{
  while (run_part (self->store))
    ;
}

static BooruJob *
get_job (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  BooruJob *job = booru_store_get_job (self->store, id, &error);

  g_assert_no_error (error);
  return job;
}

static void
require_state (BoardFixture *self, gint64 id, BooruJobState state)
{
  g_autoptr (BooruJob) job = get_job (self, id);

  if (job->state != state)
    g_error ("Job %" G_GINT64_FORMAT " (%s) is %s, not %s: %s", id, job->title,
             booru_job_state_to_string (job->state), booru_job_state_to_string (state), job->error);
}

static gint64
relate (BoardFixture *self, BooruRelationKind kind, const char *antecedent, const char *consequent)
{
  g_autoptr (GError) error = NULL;
  gint64 job = 0;
  g_autoptr (BooruRelation) relation
      = booru_store_add_relation (self->store, kind, antecedent, consequent, "", 1, &job, &error);

  g_assert_no_error (error);
  g_assert_cmpint (job, >, 0);
  return job;
}

static gint64
change (BoardFixture *self, const char *query, const char *script)
{
  BooruBulkEdit wanted = { .query = query, .script = script, .creator_id = 1, .expected = -1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = booru_store_add_bulk (self->store, &wanted, &error);

  g_assert_no_error (error);
  return job->id;
}

static gint64
undo (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = booru_store_undo_job (self->store, id, 1, &error);

  g_assert_no_error (error);
  return job->id;
}

static void
test_alias (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_tagged (self, 1, "kitty red"), both = add_tagged (self, 2, "kitty cat");
  gint64 trashed = add_tagged (self, 3, "kitty"), job, back;

  booru_store_delete_post (self->store, trashed, 1, NULL);
  job = relate (self, BOORU_RELATION_ALIAS, "kitty", "cat");
  run_all (self);
  require_state (self, job, BOORU_JOB_DONE);
  board_require_tags (self->store, first, "cat red");
  board_require_tags (self->store, both, "cat");
  board_require_tags (self->store, trashed, "cat");
  g_assert_cmpint (board_tag_count (self, "kitty"), ==, 0);
  g_assert_cmpint (board_tag_count (self, "cat"), ==, 2);
  board_require_consistent (self);

  back = undo (self, job);
  run_all (self);
  require_state (self, job, BOORU_JOB_UNDONE);
  board_require_tags (self->store, first, "kitty red");
  board_require_tags (self->store, both, "cat kitty");
  board_require_tags (self->store, trashed, "kitty");
  g_assert_cmpint (board_count (self->store, "cat"), ==, 1);
  board_require_consistent (self);

  undo (self, back);
  run_all (self);
  require_state (self, job, BOORU_JOB_DONE);
  require_state (self, back, BOORU_JOB_UNDONE);
  board_require_tags (self->store, first, "cat red");
  board_require_consistent (self);
}

static void
test_implication (BoardFixture *self, gconstpointer data)
{
  gint64 plain = add_tagged (self, 1, "cat"), said = add_tagged (self, 2, "cat animal");
  gint64 refused = add_tagged (self, 3, "cat"), kitten = add_tagged (self, 4, "kitten"), job;

  run_all (self);
  job = relate (self, BOORU_RELATION_IMPLICATION, "cat", "animal");
  run_all (self);
  relate (self, BOORU_RELATION_IMPLICATION, "kitten", "cat");
  run_all (self);
  board_require_tags (self->store, plain, "animal cat");
  board_require_tags (self->store, kitten, "animal cat kitten");
  edit (self, refused, "cat");
  g_assert_cmpint (board_tag_count (self, "animal"), ==, 3);

  /* What it alone had added goes; what a person had said stays. */
  undo (self, job);
  run_all (self);
  board_require_tags (self->store, plain, "cat");
  board_require_tags (self->store, said, "animal cat");
  board_require_tags (self->store, kitten, "cat kitten");
  board_require_consistent (self);

  relate (self, BOORU_RELATION_IMPLICATION, "cat", "animal");
  run_all (self);
  board_require_tags (self->store, plain, "animal cat");
  /* Taken away once, it stays away. */
  board_require_tags (self->store, refused, "cat");
  board_require_consistent (self);
}

static void
test_bulk (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_tagged (self, 1, "a b"), second = add_tagged (self, 2, "a c");
  gint64 other = add_tagged (self, 3, "b"), job;
  g_autoptr (BooruPost) post = NULL, restored = NULL;
  g_autoptr (BooruJob) done = NULL;

  job = change (self, "a", "fresh -b rating:q source:http://x parent:3");
  run_all (self);
  done = get_job (self, job);
  g_assert_cmpint (done->total, ==, 2);
  g_assert_cmpint (done->done, ==, 2);
  g_assert_cmpint (done->changed, ==, 2);
  board_require_tags (self->store, first, "a fresh");
  board_require_tags (self->store, second, "a c fresh");
  board_require_tags (self->store, other, "b");
  post = booru_store_get_post (self->store, first, NULL);
  g_assert_cmpint (post->rating, ==, 'q');
  g_assert_cmpstr (post->source, ==, "http://x");
  g_assert_cmpint (post->parent_id, ==, other);
  board_require_consistent (self);

  /* What somebody has changed since stays. */
  edit (self, second, "a c later");
  undo (self, job);
  run_all (self);
  board_require_tags (self->store, first, "a b");
  board_require_tags (self->store, second, "a c later");
  restored = booru_store_get_post (self->store, first, NULL);
  g_assert_cmpint (restored->rating, ==, 'g');
  g_assert_cmpstr (restored->source, ==, "");
  g_assert_cmpint (restored->parent_id, ==, 0);
  board_require_consistent (self);
}

static void
test_trash (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_tagged (self, 1, "a"), second = add_tagged (self, 2, "a"), job;
  gint64 already = add_tagged (self, 3, "a");
  BooruBulkEdit wanted
      = { .query = "a status:any", .action = BOORU_BULK_TRASH, .creator_id = 1, .expected = 3 };
  g_autoptr (BooruJob) made = NULL;

  booru_store_delete_post (self->store, already, 1, NULL);
  made = booru_store_add_bulk (self->store, &wanted, NULL);
  job = made->id;
  run_all (self);
  g_assert_cmpint (board_status (self, first), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_status (self, second), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_tag_count (self, "a"), ==, 0);
  board_require_consistent (self);
  /* One that somebody restored and deleted again is theirs. */
  booru_store_undelete_post (self->store, second, 1, NULL);
  booru_store_delete_post (self->store, second, 1, NULL);
  undo (self, job);
  run_all (self);
  g_assert_cmpint (board_status (self, first), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_status (self, second), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_status (self, already), ==, BOORU_POST_DELETED);
  board_require_consistent (self);
}

static void
test_refused (BoardFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *query, *script;
    gint64 expected;
    BooruError code;
  } cases[] = {
    { "a", "", -1, BOORU_ERROR_INVALID },
    { "a", "rating:x", -1, BOORU_ERROR_INVALID },
    { "a", "parent:77", -1, BOORU_ERROR_INVALID },
    { "a", NULL, -1, BOORU_ERROR_INVALID },
    { NULL, "b", -1, BOORU_ERROR_INVALID },
    { "a odd:1 order:odd", "b", -1, BOORU_ERROR_INVALID },
    { "a random:2", "b", -1, BOORU_ERROR_INVALID },
    { "a", "b", 5, BOORU_ERROR_EXISTS },
  };

  add_tagged (self, 1, "a");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BooruBulkEdit wanted = { .query = cases[i].query,
                               .script = cases[i].script,
                               .creator_id = 1,
                               .expected = cases[i].expected };
      g_autoptr (GError) error = NULL;

      g_assert_null (booru_store_add_bulk (self->store, &wanted, &error));
      g_assert_error (error, BOORU_ERROR, (int)cases[i].code);
    }
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM jobs"), ==, 0);
}

/* Which posts a search finds is settled when the job begins, and people go before it. */
static void
test_meanwhile (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_tagged (self, 1, "a old"), second = add_tagged (self, 2, "a old");
  gint64 later, job = change (self, "a", "fresh -old rating:s");
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruPost) post = NULL;

  g_assert_true (run_part (self->store)); /* it begins */
  later = add_tagged (self, 3, "a");
  edit (self, first, "a old");
  wanted.editor_id = 1;
  wanted.tag_string = "extra";
  wanted.old_tag_string = "old";
  wanted.rating = 'e';
  booru_post_unref (booru_store_edit_post (self->store, second, &wanted, NULL));
  edit (self, second, "a old extra");
  run_all (self);
  require_state (self, job, BOORU_JOB_DONE);
  board_require_tags (self->store, later, "a");
  board_require_tags (self->store, first, "a fresh");
  board_require_tags (self->store, second, "a extra fresh old");
  post = booru_store_get_post (self->store, second, NULL);
  g_assert_cmpint (post->rating, ==, 'e');
}

static void
test_cancel (BoardFixture *self, gconstpointer data)
{
  gint64 post = add_tagged (self, 1, "a"), job = change (self, "a", "fresh");
  g_autoptr (GError) error = NULL;

  g_assert_true (run_part (self->store));
  booru_job_free (booru_store_cancel_job (self->store, job, NULL));
  require_state (self, job, BOORU_JOB_CANCELLED);
  run_all (self);
  board_require_tags (self->store, post, "a");
  g_assert_null (booru_store_cancel_job (self->store, job, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

/* A job of many posts, of which each part is one transaction: whoever takes over after a kill
 * between two parts does the rest, and nothing twice. */
static void
test_taken_over (BoardFixture *self, gconstpointer data)
{
  enum
  {
    N = 350
  };
  gint64 job;
  guint n_parts = 0;

  for (guint i = 0; i < N; i++)
    add_tagged (self, i, "a");
  job = change (self, "a", "b");
  for (gboolean more = TRUE; more; n_parts++)
    {
      g_autoptr (BooruStore) other = board_fixture_open (self);

      more = run_part (other);
    }
  g_assert_cmpuint (n_parts, >, 3);
  require_state (self, job, BOORU_JOB_DONE);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions WHERE job_id = 1"),
                   ==, N);
  g_assert_cmpint (board_query_number (self, "SELECT changed FROM jobs"), ==, N);
  g_assert_cmpint (board_count (self->store, "b"), ==, N);
  board_require_consistent (self);
}

/* Does jobs until it is killed. Never returns. */
static void
work (BoardFixture *self)
{
  BooruStore *store = board_fixture_open (self);

  while (run_part (store))
    ;
  _exit (0);
}

/* Killed at any instant, it leaves nothing half done, and nothing is done twice. */
static void
test_killed (BoardFixture *self, gconstpointer data)
{
  enum
  {
    N = 400
  };
  gint64 job;
  guint n_kills = 0;
  gboolean over = FALSE;

  for (guint i = 0; i < N; i++)
    add_tagged (self, i, "a");
  relate (self, BOORU_RELATION_IMPLICATION, "b", "c");
  run_all (self);
  job = change (self, "a", "b");
  while (!over)
    {
      pid_t pid = fork ();
      int status;

      if (pid == 0)
        work (self);
      /* Where opening the board takes long, it gets further each time. */
      g_usleep ((gulong)g_test_rand_int_range (1000, 30000 + 10000 * (gint)n_kills));
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      over = WIFEXITED (status);
      n_kills++;
      g_assert_cmpuint (n_kills, <, 1000);
    }
  require_state (self, job, BOORU_JOB_DONE);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions WHERE job_id = 2"),
                   ==, N);
  g_assert_cmpint (board_query_number (self, "SELECT changed FROM jobs WHERE id = 2"), ==, N);
  g_assert_cmpint (board_count (self->store, "c"), ==, N);
  board_require_consistent (self);
}

static void
test_undo_twice (BoardFixture *self, gconstpointer data)
{
  gint64 job, back;
  g_autoptr (GError) error = NULL;

  add_tagged (self, 1, "a");
  job = change (self, "a", "b");
  g_assert_null (booru_store_undo_job (self->store, job, 1, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  run_all (self);
  back = undo (self, job);
  g_assert_null (booru_store_undo_job (self->store, job, 1, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
  /* One that is stopped before it began leaves the way open for another. */
  booru_job_free (booru_store_cancel_job (self->store, back, NULL));
  undo (self, job);
  run_all (self);
  require_state (self, job, BOORU_JOB_UNDONE);
  board_require_tags (self->store, 1, "a");
}

/* A relation that cannot come back, because another stands in its way, is refused. */
static void
test_undo_conflict (BoardFixture *self, gconstpointer data)
{
  gint64 job = relate (self, BOORU_RELATION_ALIAS, "a", "b"), back;
  g_autoptr (GError) error = NULL;

  run_all (self);
  back = undo (self, job);
  run_all (self);
  relate (self, BOORU_RELATION_ALIAS, "b", "a");
  run_all (self);
  g_assert_null (booru_store_undo_job (self->store, back, 1, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

static void
test_list_of_ids (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  BooruBulkEdit wanted = { .ids = ids, .script = "fresh", .creator_id = 1, .expected = -1 };
  gint64 first = add_tagged (self, 1, "a"), unknown = 77;

  add_tagged (self, 2, "a");
  g_array_append_val (ids, unknown);
  g_array_append_val (ids, first);
  g_array_append_val (ids, first);
  booru_job_free (booru_store_add_bulk (self->store, &wanted, NULL));
  run_all (self);
  g_assert_cmpint (board_count (self->store, "fresh"), ==, 1);
  board_require_consistent (self);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (BoardFixture *self, gconstpointer data);
  } tests[] = {
    { "/store/jobs/alias", test_alias },
    { "/store/jobs/implication", test_implication },
    { "/store/jobs/bulk", test_bulk },
    { "/store/jobs/trash", test_trash },
    { "/store/jobs/refused", test_refused },
    { "/store/jobs/meanwhile", test_meanwhile },
    { "/store/jobs/cancel", test_cancel },
    { "/store/jobs/taken-over", test_taken_over },
    { "/store/jobs/killed", test_killed },
    { "/store/jobs/undo-twice", test_undo_twice },
    { "/store/jobs/undo-conflict", test_undo_conflict },
    { "/store/jobs/list-of-ids", test_list_of_ids },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, BoardFixture, NULL, board_fixture_set_up, tests[i].test,
                board_fixture_tear_down);
  return g_test_run ();
}
