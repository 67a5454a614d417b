/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a monitor does that is one of several: it works only while it has the role. */
#include <glib/gstdio.h>

#include "library-fixture.h"
#include "process/monitor-beacon.h"
#include "process/monitor-role.h"
#include "ingest/monitor-scratch.h"

typedef struct
{
  Fixture f;
  BooruStore *other; /* another host's, with its */
  MonitorBeacon *beacon;
  MonitorRole *role;
  guint n_taken, n_lost, n_fenced;
} RoleFixture;

static void
on_taken (gpointer data)
{
  ((RoleFixture *)data)->n_taken++;
}

static void
on_lost (gpointer data)
{
  ((RoleFixture *)data)->n_lost++;
}

static const MonitorRoleFuncs role_funcs = { .taken = on_taken, .lost = on_lost };

static BooruStore *
open_store (RoleFixture *self)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store
      = booru_store_open (self->f.data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (RoleFixture *self, gconstpointer data)
{
  fixture_set_up (&self->f, data);
  self->f.store = open_store (self);
  self->other = open_store (self);
  self->beacon = monitor_beacon_new (self->f.data_dir, NULL, NULL);
  self->role = monitor_role_new (self->f.store, self->f.data_dir, 300, &role_funcs, self);
}

static void
tear_down (RoleFixture *self, gconstpointer data)
{
  g_clear_pointer (&self->role, monitor_role_free);
  g_clear_pointer (&self->beacon, monitor_beacon_free);
  g_clear_object (&self->other);
  g_clear_object (&self->f.store);
  fixture_tear_down (&self->f, data);
}

/* As when this process had been stopped for longer than its lease. */
static void
take_away (RoleFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruLease) lease = booru_store_get_lease (self->other, BOORU_ROLE_MONITOR, &error);
  g_autofree char *holder = monitor_role_dup_holder (self->f.data_dir);
  g_autoptr (BooruLease) next = NULL;

  g_assert_no_error (error);
  booru_store_release_lease (self->other, lease, &error);
  g_assert_no_error (error);
  monitor_beacon_light (self->beacon);
  next = booru_store_acquire_lease (self->other, BOORU_ROLE_MONITOR, holder, 300 * G_USEC_PER_SEC,
                                    &error);
  g_assert_no_error (error);
}

static void
test_life (RoleFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruLease) lease = NULL;

  g_assert_true (monitor_role_is_valid (NULL));
  g_assert_false (monitor_role_is_valid (self->role));
  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 1);
  g_assert_true (monitor_role_check (self->role, &error));
  g_assert_no_error (error);

  /* The next renewal tells. */
  take_away (self);
  monitor_role_set_length (self->role, 300);
  eventually (&self->f, self->n_lost == 1);
  g_assert_false (monitor_role_check (self->role, &error));
  g_assert_true (booru_err_fenced (error));
  g_clear_error (&error);

  /* It waits, and takes the role when it is given back. */
  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 1);
  lease = booru_store_get_lease (self->other, BOORU_ROLE_MONITOR, &error);
  g_assert_true (booru_store_release_lease (self->other, lease, &error));
  monitor_beacon_extinguish (self->beacon);
  eventually (&self->f, self->n_taken == 2);
  g_assert_true (monitor_role_is_valid (self->role));

  monitor_role_release (self->role);
  g_assert_false (monitor_role_is_valid (self->role));
  g_clear_pointer (&lease, booru_lease_free);
  lease = booru_store_get_lease (self->other, BOORU_ROLE_MONITOR, &error);
  g_assert_cmpint (lease->expires_at, ==, 0);
}

/* Transfer full. */
static BooruLease *
take_for_one_in (RoleFixture *self, const char *data_dir, gint64 length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *holder = monitor_role_dup_holder (data_dir);
  BooruLease *lease
      = booru_store_acquire_lease (self->other, BOORU_ROLE_MONITOR, holder, length, &error);

  g_assert_no_error (error);
  return lease;
}

static void
take_for_other (RoleFixture *self, gint64 length)
{
  booru_lease_free (take_for_one_in (self, self->f.data_dir, length));
}

/* Who waits need not wait for the end of the lease of one that died. */
static void
test_holder_died (RoleFixture *self, gconstpointer data)
{
  monitor_beacon_light (self->beacon);
  take_for_other (self, 300 * G_USEC_PER_SEC);
  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 0);
  monitor_beacon_extinguish (self->beacon);
  eventually (&self->f, self->n_taken == 1);
  g_assert_true (monitor_role_is_valid (self->role));
}

/* Nor who comes after that. */
static void
test_holder_was_dead (RoleFixture *self, gconstpointer data)
{
  take_for_other (self, 300 * G_USEC_PER_SEC);
  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 1);
}

/* Of another data folder, and so perhaps of another machine, there is no beacon here to look at:
 * that it is out says nothing. */
static void
test_holder_elsewhere (RoleFixture *self, gconstpointer data)
{
  gint64 length = 2 * G_USEC_PER_SEC, began = g_get_monotonic_time ();
  g_autoptr (BooruLease) lease = take_for_one_in (self, "/elsewhere", length);

  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 0);
  eventually (&self->f, self->n_taken == 1);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, length);
}

/* One that hangs keeps its beacon alight; its lease ends all the same. */
static void
test_holder_hangs (RoleFixture *self, gconstpointer data)
{
  monitor_beacon_light (self->beacon);
  take_for_other (self, G_USEC_PER_SEC);
  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 0);
  eventually (&self->f, self->n_taken == 1);

  /* That it ends later does not concern the one that has the role now, nor one that waits. */
  {
    MonitorRole *third = monitor_role_new (self->other, self->f.data_dir, 300, &role_funcs, self);

    monitor_role_wait (third);
    monitor_beacon_extinguish (self->beacon);
    for (guint i = 0; i < 50; i++)
      fixture_iterate (&self->f, g_get_monotonic_time () + 10000);
    g_assert_true (monitor_role_is_valid (self->role));
    g_assert_cmpuint (self->n_taken, ==, 1);

    monitor_role_release (self->role);
    eventually (&self->f, self->n_taken == 2);
    g_assert_true (monitor_role_is_valid (third));
    monitor_role_free (third);
  }
}

/* Something else that has its name is left alone, and the lease is enough. */
static void
test_no_beacon (RoleFixture *self, gconstpointer data)
{
  expect_warning ("*cannot be used as a pipe: it is none*");
  write_file (self->f.data_dir, BOORU_FILE_MONITOR_BEACON, "mine", 4);
  take_for_other (self, G_USEC_PER_SEC);
  monitor_role_wait (self->role);
  g_assert_cmpuint (self->n_taken, ==, 0);
  eventually (&self->f, self->n_taken == 1);
  {
    g_autofree char *path = path_in (self->f.data_dir, BOORU_FILE_MONITOR_BEACON);
    g_autofree char *text = NULL;

    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, "mine");
  }
}

static void
on_posts_changed (GArray *ids, gpointer data)
{
}

static void
on_progress (GVariant *progress, gpointer data)
{
  g_variant_unref (g_variant_ref_sink (progress));
}

static void
on_broken (const GError *error, gpointer data)
{
  g_assert_true (booru_err_fenced (error));
  ((RoleFixture *)data)->n_fenced++;
}

static void
on_stopped (gpointer data)
{
}

static const MonitorLibraryFuncs library_funcs = {
  .posts_changed = on_posts_changed,
  .progress = on_progress,
  .ingest_progress = on_progress,
  .broken = on_broken,
  .stopped = on_stopped,
};

/* Files that come while the role is another's: nothing of them is stored, and the one in the inbox
 * is still there, or (the lease did not end by its time) in the managed folder. */
static void
test_stale_library (RoleFixture *self, gconstpointer data)
{
  Fixture *f = &self->f;
  const char *const folders[] = { f->a, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorScratch) scratch = monitor_scratch_new (f->data_dir, f->data_dir, &error);
  MonitorDecoderOptions decoder = {
    .program = booru_paths_get_decoder_program (),
    .output_dir = monitor_scratch_get_path (scratch),
    .max = 1,
    .idle_timeout = 10,
    .timeout = 60,
    .memory_limit = G_GUINT64_CONSTANT (1) << 30,
    .max_pixels = 100000000,
  };
  g_autoptr (MonitorDecoderPool) pool = monitor_decoder_pool_new (&decoder);
  MonitorLibraryOptions options = {
    .data_dir = f->data_dir,
    .temporary_dir = monitor_scratch_get_path (scratch),
    .role = self->role,
    .store = f->store,
    .pool = pool,
  };
  g_autoptr (MonitorLibrary) library = NULL;
  g_autoptr (GDir) left = NULL;

  monitor_role_wait (self->role);
  library = monitor_library_new (&options, &library_funcs, self, &error);
  g_assert_no_error (error);
  g_assert_true (monitor_library_set_folders (library, folders, f->inbox, &error));
  write_picture (f->a, "before.bmp", 1);
  eventually (f, n_posts (f) == 1);

  take_away (self);
  write_picture (f->a, "after.bmp", 2);
  eventually (f, self->n_fenced > 0);
  monitor_role_lose (self->role);
  g_assert_cmpuint (self->n_lost, ==, 1);
  write_picture (f->inbox, "inbox.bmp", 3);
  for (guint i = 0; i < 200; i++)
    fixture_iterate (f, G_MAXINT64);
  g_clear_pointer (&library, monitor_library_free);

  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpint (file_id_at (f, f->a, "after.bmp"), ==, 0);
  {
    g_autofree char *path = path_in (f->inbox, "inbox.bmp");

    g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  }
  left = g_dir_open (monitor_scratch_get_path (scratch), 0, NULL);
  g_assert_null (g_dir_read_name (left));
}

static void
test_scratch (RoleFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *tmp = path_in (self->f.data_dir, BOORU_DIR_TEMPORARY);
  g_autofree char *dead = path_in (tmp, "monitor-gone12");
  g_autofree char *loose = path_in (tmp, "loose");
  g_autofree char *used = NULL;
  g_autoptr (MonitorScratch) scratch
      = monitor_scratch_new (self->f.data_dir, self->f.data_dir, &error);
  g_autoptr (MonitorScratch) second
      = monitor_scratch_new (self->f.data_dir, self->f.data_dir, &error);

  g_assert_no_error (error);
  used = path_in (monitor_scratch_get_path (scratch), "used");
  g_assert_cmpint (g_mkdir (dead, 0700), ==, 0);
  write_file (dead, "rest", "x", 1);
  write_file (tmp, "loose", "x", 1);
  write_file ("/", used, "x", 1);

  g_ptr_array_unref (
      monitor_scratch_clean (self->f.data_dir, self->f.data_dir, FALSE, self->f.store));
  g_assert_false (g_file_test (dead, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (loose, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (used, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (monitor_scratch_get_path (second), G_FILE_TEST_EXISTS));
  g_ptr_array_unref (
      monitor_scratch_clean (self->f.data_dir, self->f.data_dir, TRUE, self->f.store));
  g_assert_false (g_file_test (loose, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (used, G_FILE_TEST_EXISTS));

  g_clear_pointer (&scratch, monitor_scratch_free);
  g_assert_false (g_file_test (used, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/monitor/role/life", RoleFixture, NULL, set_up, test_life, tear_down);
  g_test_add ("/monitor/role/holder-died", RoleFixture, NULL, set_up, test_holder_died, tear_down);
  g_test_add ("/monitor/role/holder-was-dead", RoleFixture, NULL, set_up, test_holder_was_dead,
              tear_down);
  g_test_add ("/monitor/role/holder-elsewhere", RoleFixture, NULL, set_up, test_holder_elsewhere,
              tear_down);
  g_test_add ("/monitor/role/holder-hangs", RoleFixture, NULL, set_up, test_holder_hangs,
              tear_down);
  g_test_add ("/monitor/role/no-beacon", RoleFixture, NULL, set_up, test_no_beacon, tear_down);
  g_test_add ("/monitor/role/stale-library", RoleFixture, NULL, set_up, test_stale_library,
              tear_down);
  g_test_add ("/monitor/role/scratch", RoleFixture, NULL, set_up, test_scratch, tear_down);
  return g_test_run ();
}
