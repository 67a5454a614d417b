/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A board moves from SQLite to PostgreSQL and back: everything is there, whatever is asked. */
#include <signal.h>
#include <sys/wait.h>

#include "board/drivers/booru-migrate.h"
#include "pg-cluster.h"
#include "query-library.h"

typedef struct
{
  Library library;
  char *address;
} Fixture;

static char *addresses[8];
static guint n_addresses;

static const char *const queries[]
    = { "",           "tag1",         "tag0_(x) -tag2", "tag1 or tag4",   "tag*",
        "status:any", "order:score",  "width:>2000",    "order:filesize", "duration:>10",
        "parent:any", "child:none",   "source:https*",  "source:none",    "is:incomplete",
        "rating:s,q", "similar:20",   "gentags:>0",     "order:md5",      "age:<100d",
        "id:5..60",   "filetype:gif", "order:random",   "status:deleted", "chartags:0 order:id" };

/* With a version that was made before the last one. */
static void
add_pool (BooruStore *store)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_POOL);
  g_autoptr (BooruUser) user = booru_user_new (1, "somebody", BOORU_ACCESS_EDITOR);
  g_autoptr (GHashTable) edit = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BooruQuery) query = booru_query_parse ("order:random");
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 3, 7 };
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *posts = NULL;
  gint64 second;

  ids = booru_store_find_ids (store, query, &page, &error);
  g_assert_no_error (error);
  second = g_array_index (ids, gint64, 1);
  posts = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                           g_array_index (ids, gint64, 2), second, g_array_index (ids, gint64, 0));
  g_hash_table_insert (edit, (gpointer) "name", (gpointer) "A story");
  g_hash_table_insert (edit, (gpointer) "post_ids", posts);
  booru_record_free (booru_store_create_record (store, type, edit, user, &error));
  g_assert_no_error (error);
  booru_record_free (booru_store_put_in_list (store, type, 1, second, FALSE, user, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->address = addresses[--n_addresses];
  query_library_set_up (&self->library, NULL);
  add_pool (self->library.board.store);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  query_library_tear_down (&self->library, NULL);
  g_free (self->address);
}

static void
describe_records (BooruStore *store, const BooruRecordType *type, GString *text)
{
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (BooruUser) user = booru_user_new (1, "somebody", BOORU_ACCESS_EDITOR);
  g_autoptr (GPtrArray) records = booru_store_list_records (store, type, filter, TRUE, user, NULL);

  g_assert_cmpuint (records->len, >, 0);
  for (guint i = 0; i < records->len; i++)
    {
      const GArray *ids = booru_record_get_ids (records->pdata[i], "post_ids");

      g_string_append_printf (text, "\n%s %s", type->name,
                              booru_record_get_text (records->pdata[i], "name"));
      for (guint j = 0; j < ids->len; j++)
        g_string_append_printf (text, " %" G_GINT64_FORMAT, g_array_index (ids, gint64, j));
    }
}

/* All that a page, a history, a list of tags, one of files and one of pools say. */
static char *
describe (BooruStore *store)
{
  GString *text = g_string_new (NULL);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  BooruVersionFilter versions = { .page = { BOORU_PAGE_NUMBER, 1, 1000 } };
  g_autoptr (GPtrArray) tags = NULL, changes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BooruQuery) query = booru_query_parse (queries[i]);
      BooruPage page = { BOORU_PAGE_NUMBER, 1, 400, 7 };
      g_autoptr (GPtrArray) posts = booru_store_search (store, query, &page, &error);

      g_assert_no_error (error);
      g_string_append_printf (text, "\n%s: %" G_GINT64_FORMAT, queries[i],
                              booru_store_count (store, query, NULL, NULL));
      for (guint j = 0; j < posts->len; j++)
        {
          const BooruPost *post = posts->pdata[j];
          g_autofree char *names = booru_post_dup_tag_string (post);

          g_string_append_printf (text, " %" G_GINT64_FORMAT, post->id);
          if (i == 5)
            g_string_append_printf (text, "(%s %s %g %s %c %d)", post->media.md5, names,
                                    post->media.duration, post->source, post->rating, post->score);
        }
    }
  filter.limit = 1000;
  tags = booru_store_list_tags (store, &filter, NULL);
  for (guint i = 0; i < tags->len; i++)
    {
      const BooruTag *tag = tags->pdata[i];

      g_string_append_printf (text, "\n%s %d %" G_GINT64_FORMAT, tag->name, tag->category,
                              tag->post_count);
    }
  changes = booru_store_list_versions (store, &versions, NULL);
  for (guint i = 0; i < changes->len; i++)
    {
      const BooruVersion *version = changes->pdata[i];
      g_autofree char *names = g_strjoinv (" ", version->tags_after);

      g_string_append_printf (text, "\n%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", version->id,
                              version->post_id, names);
    }
  describe_records (store, booru_record_type_get (BOORU_RECORD_POOL), text);
  describe_records (
      store, booru_record_type_get_versions (booru_record_type_get (BOORU_RECORD_POOL)), text);
  return g_string_free (text, FALSE);
}

static BooruStore *
open_store (Fixture *self, const char *database)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store = booru_store_open (self->library.board.data_dir, database,
                                        BOORU_STORE_READ_WRITE, NULL, NULL, &error);

  g_assert_no_error (error);
  return store;
}

static void
use_store (Fixture *self, const char *database)
{
  g_clear_object (&self->library.board.store);
  if (database != NULL)
    self->library.board.store = open_store (self, database);
}

static void
move (Fixture *self, const char *from, const char *to, BooruMigration *migration)
{
  g_autoptr (GError) error = NULL;

  use_store (self, NULL);
  booru_migrate (self->library.board.data_dir, from, to, NULL, NULL, migration, &error);
  g_assert_no_error (error);
}

static void
require_refused (Fixture *self, const char *database, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_store_open (self->library.board.data_dir, database, BOORU_STORE_CREATE, NULL,
                                   NULL, &error));
  g_assert_error (error, BOORU_ERROR, code);
}

static void
require_not_moved (Fixture *self, const char *from, const char *to, int code)
{
  g_auto (BooruMigration) migration = { 0 };
  g_autoptr (GError) error = NULL;

  use_store (self, NULL);
  g_assert_false (
      booru_migrate (self->library.board.data_dir, from, to, NULL, NULL, &migration, &error));
  g_assert_error (error, BOORU_ERROR, code);
}

/* What a random library does not have. */
static gint64
enrich (Fixture *self)
{
  BoardFixture *board = &self->library.board;
  gint64 id = board_add_post (board, "new \xff.jpg", 1), other = board_add_post (board, "b.jpg", 2);

  booru_post_unref (board_edit (board->store, id, "artist:someone sky tree"));
  booru_post_unref (board_edit (board->store, id, "artist:someone sky"));
  g_assert_true (booru_store_delete_post (board->store, other, BOORU_USER_OWNER, NULL));
  return other;
}

static void
test_there_and_back (Fixture *self, gconstpointer data)
{
  BoardFixture *board = &self->library.board;
  gint64 last = enrich (self);
  g_autofree char *before = describe (board->store), *there = NULL, *changed = NULL, *back = NULL;
  g_auto (BooruMigration) first = { 0 };
  g_auto (BooruMigration) second = { 0 };
  g_auto (BooruMigration) third = { 0 };
  g_autoptr (BooruStore) other = NULL;
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;

  move (self, NULL, self->address, &first);
  g_assert_cmpint (first.n_posts, ==, N_POSTS + 2);
  g_assert_null (first.aside);
  require_refused (self, NULL, BOORU_ERROR_CONFIG);
  require_not_moved (self, NULL, self->address, BOORU_ERROR_CONFIG);
  use_store (self, self->address);
  there = describe (board->store);
  g_assert_cmpstr (there, ==, before);

  /* Numbers go on where they were. */
  edit.tag_string = "lost";
  g_assert_cmpint (board_add_post (board, "c.jpg", 3), ==, last + 1);
  booru_post_unref (board_edit (board->store, last + 1, "sky new_tag"));
  changed = describe (board->store);

  other = open_store (self, self->address);
  move (self, self->address, "sqlite:", &second);
  /* A host that was not noticed, since it runs no monitor. */
  g_assert_null (booru_store_edit_post (other, last, &edit, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  g_assert_nonnull (second.aside);
  require_refused (self, self->address, BOORU_ERROR_CONFIG);
  use_store (self, "sqlite:");
  back = describe (board->store);
  g_assert_cmpstr (back, ==, changed);
  g_assert_cmpint (board_add_post (board, "d.jpg", 4), ==, last + 2);

  /* The database that was moved from is filled anew. */
  move (self, "", self->address, &third);
  g_assert_cmpint (third.n_posts, ==, N_POSTS + 4);
  use_store (self, self->address);
  g_assert_cmpint (board_count (board->store, "sky"), ==, 2);
}

static void
test_refusals (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = NULL;
  g_autoptr (BooruLease) lease = NULL;

  require_not_moved (self, NULL, "sqlite:", BOORU_ERROR_INVALID);
  require_not_moved (self, NULL, "oracle:x", BOORU_ERROR_INVALID);
  other = booru_store_open (self->library.board.data_dir, self->address, BOORU_STORE_CREATE, NULL,
                            NULL, NULL);
  lease = booru_store_acquire_lease (other, BOORU_ROLE_MONITOR, "host", 60 * G_USEC_PER_SEC, NULL);
  require_not_moved (self, NULL, self->address, BOORU_ERROR_BUSY);
  g_assert_true (booru_store_release_lease (other, lease, NULL));
  self->library.board.store = g_steal_pointer (&other);
  booru_folder_free (booru_store_ensure_folder (self->library.board.store, "/pictures",
                                                BOORU_FOLDER_LIBRARY, NULL));
  g_clear_pointer (&self->library.board.folder, booru_folder_free);
  self->library.board.folder = booru_store_ensure_folder (self->library.board.store, "/pictures",
                                                          BOORU_FOLDER_LIBRARY, NULL);
  board_add_post (&self->library.board, "a.jpg", 1);
  require_not_moved (self, NULL, self->address, BOORU_ERROR_EXISTS);
  use_store (self, "sqlite:");
  g_assert_cmpint (board_count (self->library.board.store, "status:any"), ==, N_POSTS);
}

static void
die (const char *what, guint seconds, gpointer user_data)
{
  guint *n_left = user_data;

  if ((*n_left)-- == 0)
    raise (SIGKILL);
}

/* Killed at each place where it says how it gets on. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autofree char *before = describe (self->library.board.store);
  gboolean finished = FALSE;

  for (guint after = 0; !finished; after += 3)
    {
      pid_t child;
      int status;

      use_store (self, NULL);
      child = fork ();
      if (child == 0)
        {
          g_auto (BooruMigration) migration = { 0 };
          guint n_left = after;

          _exit (!booru_migrate (self->library.board.data_dir, NULL, self->address, die, &n_left,
                                 &migration, NULL));
        }
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      finished = WIFEXITED (status);
      g_assert_true (finished ? WEXITSTATUS (status) == 0 : WTERMSIG (status) == SIGKILL);
      if (!finished)
        {
          g_autofree char *after_kill = NULL;

          use_store (self, "sqlite:");
          after_kill = describe (self->library.board.store);
          g_assert_cmpstr (after_kill, ==, before);
        }
    }
  use_store (self, self->address);
  {
    g_autofree char *there = describe (self->library.board.store);

    g_assert_cmpstr (there, ==, before);
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/migrate/there-and-back", test_there_and_back);
  ADD ("/migrate/refusals", test_refusals);
  ADD ("/migrate/killed", test_killed);
  if (pg_cluster_exists ())
    for (n_addresses = 0; n_addresses < 3; n_addresses++)
      addresses[n_addresses] = board_add_database ();
  /* The fixture is to be in SQLite. */
  g_unsetenv ("BOORU_TEST_DATABASE");
  return g_test_run ();
}
