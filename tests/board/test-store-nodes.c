/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A files folder that several data folders use, and machines that look at the same folders. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "board-fixture.h"

typedef struct
{
  BoardFixture board;
  char *files, *other; /* folders for files; empty */
  char *node;          /* another machine's data folder */
} Nodes;

static char *
make_folder (Nodes *self, const char *name)
{
  char *path = g_build_filename (self->board.data_dir, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
set_up (Nodes *self, gconstpointer data)
{
  board_fixture_set_up (&self->board, data);
  self->files = make_folder (self, "files");
  self->other = make_folder (self, "other");
  self->node = make_folder (self, "node");
}

static void
tear_down (Nodes *self, gconstpointer data)
{
  g_free (self->files);
  g_free (self->other);
  g_free (self->node);
  board_fixture_tear_down (&self->board, data);
}

static char *
marker (const char *folder)
{
  return g_build_filename (folder, BOORU_FILE_FILES_ID, NULL);
}

static void
require_use (Nodes *self, BooruStore *store, const char *data_dir, const char *files)
{
  g_autoptr (GError) error = NULL;

  booru_store_use_files_folder (store, data_dir, files, &error);
  g_assert_no_error (error);
}

static void
require_refusal (BooruStore *store, const char *data_dir, const char *files, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (booru_store_use_files_folder (store, data_dir, files, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_default (Nodes *self, gconstpointer data)
{
  g_autofree char *id = marker (self->board.data_dir);

  require_use (self, self->board.store, self->board.data_dir, self->board.data_dir);
  require_use (self, self->board.store, self->node, self->node);
  g_assert_false (g_file_test (id, G_FILE_TEST_EXISTS));
  g_assert_true (booru_files_folder_is_there (self->node, self->node));
}

/* Of two folders with one database, the second is refused, whichever way it is another one. */
static void
test_another (Nodes *self, gconstpointer data)
{
  g_autoptr (BooruStore) second = board_fixture_open (&self->board);
  g_autofree char *id = marker (self->other);

  require_use (self, self->board.store, self->board.data_dir, self->files);
  require_use (self, self->board.store, self->board.data_dir, self->files);
  require_refusal (second, self->node, self->other, "is not in it");
  require_refusal (second, self->node, self->node, "is not in it");
  require_refusal (second, self->board.data_dir, self->board.data_dir, "is not in it");
  g_assert_true (g_file_set_contents (id, "0123456789abcdef0123456789abcdef\n", -1, NULL));
  require_refusal (second, self->node, self->other, "another folder's");
  require_use (self, second, self->node, self->files);
  require_refusal (second, self->node, self->other, "another folder's");
}

static void
test_another_board (Nodes *self, gconstpointer data)
{
  g_autofree char *id = marker (self->files);

  g_assert_true (g_file_set_contents (id, "0123456789abcdef0123456789abcdef\nanother\n", -1, NULL));
  require_refusal (self->board.store, self->node, self->files, "another board's");
}

/* What is empty now is away, where it was used before; only there. */
static void
test_away (Nodes *self, gconstpointer data)
{
  g_autofree char *id = marker (self->files);
  g_autofree char *away = g_strconcat (id, ".away", NULL);
  g_autoptr (BooruStore) second = board_fixture_open (&self->board);

  require_use (self, self->board.store, self->board.data_dir, self->files);
  g_assert_true (booru_files_folder_is_there (self->board.data_dir, self->files));
  g_assert_cmpint (g_rename (id, away), ==, 0);
  g_assert_false (booru_files_folder_is_there (self->board.data_dir, self->files));
  require_use (self, second, self->board.data_dir, self->files);
  require_refusal (second, self->node, self->files, "is not in it");
  g_assert_cmpint (g_rename (away, id), ==, 0);
  require_use (self, second, self->node, self->files);
}

static BooruFolder *
ensure_originals (BooruStore *store, const char *files)
{
  g_autofree char *path = g_build_filename (files, BOORU_DIR_ORIGINALS, NULL);
  g_autoptr (GError) error = NULL;
  BooruFolder *folder = booru_store_ensure_folder (store, path, BOORU_FOLDER_MANAGED, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (folder->path, ==, path);
  return folder;
}

/* Mounted elsewhere by another machine, it is the same folder of the board. */
static void
test_mounted_elsewhere (Nodes *self, gconstpointer data)
{
  g_autofree char *mounted = g_build_filename (self->node, "mnt", NULL);
  g_autofree char *originals = g_build_filename (mounted, BOORU_DIR_ORIGINALS, NULL);
  g_autoptr (BooruStore) second = board_fixture_open (&self->board);
  g_autoptr (BooruFolder) here = NULL, there = NULL;
  g_autoptr (GPtrArray) folders = NULL;

  require_use (self, self->board.store, self->board.data_dir, self->files);
  here = ensure_originals (self->board.store, self->files);
  g_assert_cmpint (symlink (self->files, mounted), ==, 0);
  require_use (self, second, self->node, mounted);
  there = ensure_originals (second, mounted);
  g_assert_cmpint (there->id, ==, here->id);
  folders = booru_store_list_folders (second, NULL);
  g_assert_cmpstr (booru_folder_find (folders, here->id)->path, ==, originals);
}

/* Originals that were moved there keep their folder, and so their files and posts. */
static void
test_moved (Nodes *self, gconstpointer data)
{
  g_autoptr (BooruFolder) before = ensure_originals (self->board.store, self->node);
  g_autoptr (BooruFolder) after = NULL;

  require_use (self, self->board.store, self->board.data_dir, self->files);
  after = ensure_originals (self->board.store, self->files);
  g_assert_cmpint (after->id, ==, before->id);
}

/* Those that were left where they are stay another folder. */
static void
test_left (Nodes *self, gconstpointer data)
{
  g_autofree char *originals = g_build_filename (self->node, BOORU_DIR_ORIGINALS, NULL);
  g_autoptr (BooruFolder) before = ensure_originals (self->board.store, self->node);
  g_autoptr (BooruFolder) after = NULL;

  g_assert_cmpint (g_mkdir (originals, 0700), ==, 0);
  require_use (self, self->board.store, self->board.data_dir, self->files);
  after = ensure_originals (self->board.store, self->files);
  g_assert_cmpint (after->id, !=, before->id);
}

static void
require_node (BooruStore *store, gint64 folder, const char *node)
{
  g_autoptr (GPtrArray) folders = booru_store_list_folders (store, NULL);

  g_assert_cmpstr (booru_folder_find (folders, folder)->node, ==, node);
}

static void
test_nodes (Nodes *self, gconstpointer data)
{
  g_autoptr (BooruStore) second = board_fixture_open (&self->board);
  gint64 folder = self->board.folder->id;
  const char *here, *there;

  g_assert_cmpstr (booru_store_get_node (self->board.store), ==, "");
  g_assert_true (booru_store_join_nodes (self->board.store, self->board.data_dir, NULL));
  g_assert_true (booru_store_join_nodes (second, self->node, NULL));
  here = booru_store_get_node (self->board.store);
  there = booru_store_get_node (second);
  g_assert_cmpstr (here, !=, there);

  g_assert_true (booru_store_set_folder_state (second, folder, TRUE, 1, NULL));
  require_node (second, folder, there);
  /* Who cannot see it has not seen it. */
  g_assert_true (booru_store_set_folder_state (self->board.store, folder, FALSE, 1, NULL));
  require_node (second, folder, there);
  g_assert_true (booru_store_set_folder_state (self->board.store, folder, TRUE, 1, NULL));
  require_node (second, folder, here);
}

#define ADD(path, test) g_test_add (path, Nodes, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/files-folder/default", test_default);
  ADD ("/store/files-folder/another", test_another);
  ADD ("/store/files-folder/another-board", test_another_board);
  ADD ("/store/files-folder/away", test_away);
  ADD ("/store/files-folder/mounted-elsewhere", test_mounted_elsewhere);
  ADD ("/store/files-folder/moved", test_moved);
  ADD ("/store/files-folder/left", test_left);
  ADD ("/store/nodes", test_nodes);
  return g_test_run ();
}
