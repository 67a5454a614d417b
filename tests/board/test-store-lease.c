/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two stores on one database, of which one at a time has a role. */
#include "board-fixture.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROLE BOORU_ROLE_MONITOR
#define LENGTH (15 * G_USEC_PER_SEC)

typedef struct
{
  BoardFixture board;
  BooruStore *other;
} Fixture;

/* What both stores take for the machine's clock, or that of the database of PostgreSQL. */
static struct
{
  gint64 now;
  const char *boot_id;
} machine;

static void
tell_time (gint64 *now, const char **boot_id, gpointer user_data)
{
  *now = machine.now;
  *boot_id = machine.boot_id;
}

static void
set_time (Fixture *self, gint64 now)
{
  g_autofree char *script
      = g_strdup_printf ("CREATE OR REPLACE FUNCTION clock_us () RETURNS bigint LANGUAGE sql"
                         " RETURN %" G_GINT64_FORMAT,
                         now);

  machine.now = now;
  if (self->board.database != NULL)
    board_execute (&self->board, script);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  board_fixture_set_up (&self->board, data);
  self->other = board_fixture_open (&self->board);
  set_time (self, 1000 * G_USEC_PER_SEC);
  machine.boot_id = "first boot";
  booru_store_set_clock (self->board.store, tell_time, NULL);
  booru_store_set_clock (self->other, tell_time, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->other);
  board_fixture_tear_down (&self->board, data);
}

static BooruLease *
acquire (BooruStore *store, const char *holder)
{
  g_autoptr (GError) error = NULL;
  BooruLease *lease = booru_store_acquire_lease (store, ROLE, holder, LENGTH, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (lease->holder, ==, holder);
  g_assert_cmpint (lease->expires_at, ==, machine.now + LENGTH);
  return lease;
}

static void
require_refused (BooruStore *store, const char *holder)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_store_acquire_lease (store, ROLE, "refused", LENGTH, &error));
  g_assert_true (booru_err_exists (error));
  g_assert_nonnull (strstr (error->message, holder));
}

static gboolean
write_file (Fixture *self, BooruStore *store, const char *path, guint content, GError **error)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);

  g_ptr_array_add (changes, board_add (&self->board, path, content));
  return booru_store_apply_file_changes (store, changes, error);
}

static void
test_one_holder (Fixture *self, gconstpointer data)
{
  BooruStore *store = self->board.store;
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruLease) lease = NULL, seen = NULL;

  g_assert_null (booru_store_get_lease (store, ROLE, &error));
  g_assert_true (booru_err_notfound (error));
  g_clear_error (&error);

  lease = acquire (store, "one");
  require_refused (self->other, "one");
  require_refused (store, "one");
  seen = booru_store_get_lease (self->other, ROLE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->holder, ==, "one");
  g_assert_cmpint (seen->token, ==, lease->token);
  g_assert_cmpint (seen->expires_at, ==, lease->expires_at);
}

static void
test_renewal (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruLease) lease = acquire (self->board.store, "one");
  g_autoptr (BooruLease) taken = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10; i++)
    {
      set_time (self, machine.now + LENGTH - 1);
      require_refused (self->other, "one");
      g_assert_true (booru_store_renew_lease (self->board.store, lease, LENGTH, &error));
      g_assert_no_error (error);
      g_assert_cmpint (lease->expires_at, ==, machine.now + LENGTH);
    }

  /* It has expired, but nobody wanted it. */
  set_time (self, machine.now + 10 * LENGTH);
  g_assert_true (booru_store_renew_lease (self->board.store, lease, LENGTH, &error));
  g_assert_no_error (error);
  require_refused (self->other, "one");

  set_time (self, machine.now + LENGTH);
  taken = acquire (self->other, "two");
  g_assert_cmpint (taken->token, >, lease->token);
  g_assert_false (booru_store_renew_lease (self->board.store, lease, LENGTH, &error));
  g_assert_true (booru_err_fenced (error));
  g_clear_error (&error);
  g_assert_false (booru_store_release_lease (self->board.store, lease, &error));
  g_assert_true (booru_err_fenced (error));
  require_refused (self->board.store, "two");
}

static void
test_release (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruLease) lease = acquire (self->board.store, "one");
  g_autoptr (BooruLease) next = NULL, seen = NULL;
  g_autoptr (GError) error = NULL;

  booru_store_set_fence (self->board.store, ROLE, lease->token);
  g_assert_true (booru_store_release_lease (self->board.store, lease, &error));
  g_assert_no_error (error);
  seen = booru_store_get_lease (self->other, ROLE, NULL);
  g_assert_cmpint (seen->expires_at, ==, 0);
  g_assert_cmpstr (seen->holder, ==, "");

  /* It is nobody's: also not that of who had it. */
  g_assert_false (write_file (self, self->board.store, "late.jpg", 1, &error));
  g_assert_true (booru_err_fenced (error));
  next = acquire (self->other, "two");
  g_assert_cmpint (next->token, >, lease->token);
}

static void
test_reboot (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruLease) lease = NULL, next = NULL;

  if (board_skip_but_for_sqlite (&self->board))
    return;
  lease = acquire (self->board.store, "one");
  /* The clock has begun anew: by its number alone the lease would hold for long. */
  machine.boot_id = "second boot";
  set_time (self, G_USEC_PER_SEC);
  next = acquire (self->other, "two");
  g_assert_cmpint (next->token, ==, lease->token + 1);
  require_refused (self->board.store, "two");
}

/* Every kind of write, and nothing of it in the database. */
static void
test_fence (Fixture *self, gconstpointer data)
{
  BooruStore *store = self->board.store;
  g_autoptr (BooruLease) lease = acquire (store, "one");
  g_autoptr (BooruLease) next = NULL;
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  gint64 post;

  booru_store_set_fence (store, ROLE, lease->token);
  post = board_add_post (&self->board, "before.jpg", 1);
  set_time (self, machine.now + LENGTH);
  g_assert_true (write_file (self, store, "expired.jpg", 2, &error)); /* nobody has taken it */
  g_assert_no_error (error);

  next = acquire (self->other, "two");
  booru_store_set_fence (self->other, ROLE, next->token);
  g_assert_false (write_file (self, store, "stale.jpg", 3, &error));
  g_assert_true (booru_err_fenced (error));
  g_clear_error (&error);
  g_assert_cmpint (board_file_id (&self->board, "stale.jpg"), ==, 0);
  g_assert_cmpint (board_count (store, ""), ==, 2);

  edit.tag_string = "stale";
  g_assert_null (booru_store_edit_post (store, post, &edit, &error));
  g_assert_true (booru_err_fenced (error));
  g_clear_error (&error);
  g_assert_null (booru_store_ensure_folder (store, "/new", BOORU_FOLDER_LIBRARY, &error));
  g_assert_true (booru_err_fenced (error));
  g_clear_error (&error);
  g_assert_false (booru_store_set_folder_state (store, self->board.folder->id, FALSE, 7, &error));
  g_assert_true (booru_err_fenced (error));
  g_clear_error (&error);
  g_assert_cmpint (board_tag_count (&self->board, "stale"), ==, -1);

  /* Reading goes on, and who has the role writes. */
  board_require_tags (store, post, "");
  g_assert_true (write_file (self, self->other, "stale.jpg", 3, &error));
  g_assert_no_error (error);
  booru_store_set_fence (store, NULL, 0);
  g_assert_true (write_file (self, store, "free.jpg", 4, &error));
  g_assert_no_error (error);
  board_require_consistent (&self->board);
}

/* Of many processes that want it at the same moment one gets it. */
static void
test_race (Fixture *self, gconstpointer data)
{
  pid_t pids[8];
  guint winners = 0;

  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    {
      pids[i] = fork ();
      if (pids[i] == 0)
        {
          BooruStore *store = board_fixture_open (&self->board);
          g_autofree char *holder = booru_lease_dup_holder ();

          _exit (booru_store_acquire_lease (store, ROLE, holder, 600 * G_USEC_PER_SEC, NULL)
                 != NULL);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    {
      int status;

      g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
      g_assert_true (WIFEXITED (status));
      winners += WEXITSTATUS (status);
    }
  g_assert_cmpuint (winners, ==, 1);
}

static void
test_machine (void)
{
  gint64 first = booru_lease_get_time ();
  g_autofree char *holder = booru_lease_dup_holder ();
  g_autofree char *pid = g_strdup_printf ("pid %d", (int)getpid ());

  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (booru_lease_get_time (), >=, first);
  g_assert_cmpuint (strlen (booru_lease_get_boot_id ()), ==, 36);
  g_assert_nonnull (strstr (holder, g_get_host_name ()));
  g_assert_nonnull (strstr (holder, pid));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/store/lease/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("one-holder", test_one_holder);
  ADD ("renewal", test_renewal);
  ADD ("release", test_release);
  ADD ("reboot", test_reboot);
  ADD ("fence", test_fence);
  ADD ("race", test_race);
  g_test_add_func ("/store/lease/machine", test_machine);
  return g_test_run ();
}
