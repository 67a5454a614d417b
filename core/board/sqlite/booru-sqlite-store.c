/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* BooruStore on a connection: each operation is a function of the file that its subject names. */
#include "board/sqlite/booru-sqlite-store.h"

#include "board/sqlite/booru-sqlite-db.h"
#include "board/sqlite/booru-sqlite-files.h"
#include "board/sqlite/booru-sqlite-compare.h"
#include "board/sqlite/booru-sqlite-lease.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-search.h"
#include "board/sqlite/booru-sqlite-tags.h"
#include "board/sqlite/booru-sqlite-trouble.h"
#include "board/sqlite/booru-sqlite-uploads.h"

struct _BooruSqliteStore
{
  GObject parent;

  BooruSqliteDb *db;
  BooruSqliteCountCache counts;
  BooruSqliteComparison comparison; /* under way */
};

static void booru_sqlite_store_iface_init (BooruStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BooruSqliteStore,
                               booru_sqlite_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOORU_TYPE_STORE,
                                                      booru_sqlite_store_iface_init))

/* For an operation that reads by more than one statement: all see one state, and what the caches
 * hold is compared with it. */
static BooruSqliteSnapshot
look (BooruStore *store, BooruSqliteDb **db)
{
  *db = BOORU_SQLITE_STORE (store)->db;
  booru_sqlite_db_get_generation (*db);
  return booru_sqlite_db_snapshot (*db);
}

static BooruPost *
get_post (BooruStore *store, gint64 id, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_post_get (db, id, error);
}

static BooruPost *
get_post_by_md5 (BooruStore *store, const char *md5, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_post_get_by_md5 (db, md5, error);
}

static GPtrArray *
search (BooruStore *store, const BooruQuery *query, const BooruPage *page, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_search (db, &BOORU_SQLITE_STORE (store)->counts, query, page, error);
}

static gint64
count (BooruStore *store, const BooruQuery *query, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_count (db, &BOORU_SQLITE_STORE (store)->counts, query, error);
}

static GPtrArray *
list_tags (BooruStore *store, const BooruTagFilter *filter, GError **error)
{
  return booru_sqlite_tags_list (BOORU_SQLITE_STORE (store)->db, filter, error);
}

static GPtrArray *
list_post_files (BooruStore *store, gint64 post_id, GError **error)
{
  return booru_sqlite_files_of_post (BOORU_SQLITE_STORE (store)->db, post_id, error);
}

static char *
get_metadata (BooruStore *store, gint64 post_id, GError **error)
{
  return booru_sqlite_metadata_get (BOORU_SQLITE_STORE (store)->db, post_id, error);
}

static GArray *
find_similar (BooruStore *store,
              const guint64 *hashes,
              guint n_hashes,
              guint max_distance,
              guint limit,
              GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_hashes_find_active (db, hashes, n_hashes, max_distance, limit, error);
}

static GArray *
list_hashes (BooruStore *store, gint64 post_id, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (guint64));

  return booru_sqlite_hashes_of_post (db, post_id, hashes, error) ? g_steal_pointer (&hashes)
                                                                  : NULL;
}

static GPtrArray *
list_pairs (BooruStore *store, guint limit, guint page, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_pairs_list (db, limit, page, error);
}

static gint64
count_pairs (BooruStore *store, GError **error)
{
  return booru_sqlite_pairs_count (BOORU_SQLITE_STORE (store)->db, error);
}

static gboolean
decide_pair (BooruStore *store, const BooruPairVerdict *verdict, GError **error)
{
  return booru_sqlite_pair_decide (BOORU_SQLITE_STORE (store)->db, verdict, error);
}

static gboolean
compare_posts (BooruStore *store,
               guint max_distance,
               gint64 duration,
               gboolean *done,
               GError **error)
{
  BooruSqliteStore *self = BOORU_SQLITE_STORE (store);

  return booru_sqlite_compare (self->db, &self->comparison, max_distance, duration, done, error);
}

static void
trim (BooruStore *store)
{
  booru_sqlite_db_trim (BOORU_SQLITE_STORE (store)->db);
}

static guint64
get_generation (BooruStore *store)
{
  return booru_sqlite_db_get_generation (BOORU_SQLITE_STORE (store)->db);
}

static BooruPost *
edit_post (BooruStore *store, gint64 id, const BooruPostEdit *edit, GError **error)
{
  return booru_sqlite_post_edit (BOORU_SQLITE_STORE (store)->db, id, edit, error);
}

static gboolean
set_post_deleted (BooruStore *store, gint64 id, gboolean deleted, gint64 editor_id, GError **error)
{
  return booru_sqlite_post_set_deleted (BOORU_SQLITE_STORE (store)->db, id, deleted, editor_id,
                                        error);
}

static BooruPost *
revert_post (BooruStore *store, gint64 id, gint64 version_id, gint64 editor_id, GError **error)
{
  return booru_sqlite_post_revert (BOORU_SQLITE_STORE (store)->db, id, version_id, editor_id,
                                   error);
}

static BooruPost *
undo_version (BooruStore *store, gint64 version_id, gint64 editor_id, GError **error)
{
  return booru_sqlite_version_undo (BOORU_SQLITE_STORE (store)->db, version_id, editor_id, error);
}

static GPtrArray *
list_versions (BooruStore *store, const BooruVersionFilter *filter, GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_versions_list (db, filter, error);
}

static gboolean
measure_trash (BooruStore *store, BooruTrash *trash, GError **error)
{
  return booru_sqlite_trash_measure (BOORU_SQLITE_STORE (store)->db, trash, error);
}

static BooruFile *
get_file (BooruStore *store, gint64 id, GError **error)
{
  return booru_sqlite_file_get (BOORU_SQLITE_STORE (store)->db, id, error);
}

static BooruUpload *
get_upload (BooruStore *store, gint64 id, GError **error)
{
  return booru_sqlite_upload_get (BOORU_SQLITE_STORE (store)->db, id, error);
}

static GPtrArray *
list_uploads (BooruStore *store, const BooruPage *page, GError **error)
{
  return booru_sqlite_uploads_list (BOORU_SQLITE_STORE (store)->db, page, error);
}

static BooruAsset *
get_asset (BooruStore *store, gint64 id, GError **error)
{
  return booru_sqlite_asset_get (BOORU_SQLITE_STORE (store)->db, id, error);
}

static BooruUpload *
create_upload (BooruStore *store,
               const char *source,
               GPtrArray *files,
               const BooruPostEdit *wanted,
               gint64 uploader_id,
               GError **error)
{
  return booru_sqlite_upload_create (BOORU_SQLITE_STORE (store)->db, source, files, wanted,
                                     uploader_id, error);
}

static gboolean
find_media_asset (BooruStore *store,
                  gint64 id,
                  BooruPost **post,
                  BooruAsset **asset,
                  GError **error)
{
  BooruSqliteDb *db;
  g_auto (BooruSqliteSnapshot) snapshot = look (store, &db);

  return booru_sqlite_media_asset_find (db, id, post, asset, error);
}

static BooruAsset *
want_post (BooruStore *store, gint64 asset_id, const BooruPostEdit *wanted, GError **error)
{
  return booru_sqlite_asset_want_post (BOORU_SQLITE_STORE (store)->db, asset_id, wanted, error);
}

static GPtrArray *
list_assets_to_do (BooruStore *store, guint limit, GError **error)
{
  return booru_sqlite_assets_to_do (BOORU_SQLITE_STORE (store)->db, limit, error);
}

static GPtrArray *
list_assets_stale (BooruStore *store, gint64 since, guint limit, GError **error)
{
  return booru_sqlite_assets_stale (BOORU_SQLITE_STORE (store)->db, since, limit, error);
}

static GHashTable *
list_spool_names (BooruStore *store, GError **error)
{
  return booru_sqlite_spool_names (BOORU_SQLITE_STORE (store)->db, error);
}

static gboolean
is_content_known (BooruStore *store, const char *md5, gboolean *known, GError **error)
{
  return booru_sqlite_content_is_known (BOORU_SQLITE_STORE (store)->db, md5, known, error);
}

static gboolean
purge_trash (BooruStore *store,
             gint64 *after,
             guint limit,
             BooruFileFunc func,
             gpointer user_data,
             GError **error)
{
  return booru_sqlite_trash_purge (BOORU_SQLITE_STORE (store)->db, after, limit, func, user_data,
                                   error);
}

static GPtrArray *
list_folders (BooruStore *store, GError **error)
{
  return booru_sqlite_folders_list (BOORU_SQLITE_STORE (store)->db, error);
}

static BooruFolder *
ensure_folder (BooruStore *store, const char *path, BooruFolderKind kind, GError **error)
{
  return booru_sqlite_folder_ensure (BOORU_SQLITE_STORE (store)->db, path, kind, error);
}

static gboolean
set_folder_state (BooruStore *store,
                  gint64 folder_id,
                  gboolean present,
                  guint64 device,
                  GError **error)
{
  return booru_sqlite_folder_set_state (BOORU_SQLITE_STORE (store)->db, folder_id, present, device,
                                        error);
}

static gboolean
foreach_file (BooruStore *store,
              gint64 folder_id,
              const char *below,
              const char *after,
              BooruFileFunc func,
              gpointer user_data,
              GError **error)
{
  return booru_sqlite_files_foreach (BOORU_SQLITE_STORE (store)->db, folder_id, below, after, func,
                                     user_data, error);
}

static BooruFile *
find_file (BooruStore *store, gint64 folder_id, const char *path, GError **error)
{
  return booru_sqlite_file_find (BOORU_SQLITE_STORE (store)->db, folder_id, path, error);
}

static BooruFile *
find_file_by_inode (BooruStore *store, const BooruFileStat *stat, GError **error)
{
  return booru_sqlite_file_find_by_inode (BOORU_SQLITE_STORE (store)->db, stat, error);
}

static BooruFile *
find_taken_file (BooruStore *store, const char *name, GError **error)
{
  return booru_sqlite_file_find_taken (BOORU_SQLITE_STORE (store)->db, name, error);
}

static gboolean
apply_file_changes (BooruStore *store, GPtrArray *changes, GError **error)
{
  return booru_sqlite_files_apply (BOORU_SQLITE_STORE (store)->db, changes, error);
}

static GPtrArray *
list_failures (BooruStore *store, const BooruFailureFilter *filter, GError **error)
{
  return booru_sqlite_files_failed (BOORU_SQLITE_STORE (store)->db, filter, error);
}

static BooruLease *
get_lease (BooruStore *store, const char *role, GError **error)
{
  return booru_sqlite_lease_get (BOORU_SQLITE_STORE (store)->db, role, error);
}

static BooruLease *
acquire_lease (BooruStore *store,
               const char *role,
               const char *holder,
               gint64 length,
               GError **error)
{
  return booru_sqlite_lease_acquire (BOORU_SQLITE_STORE (store)->db, role, holder, length, error);
}

static gboolean
renew_lease (BooruStore *store, BooruLease *lease, gint64 length, GError **error)
{
  return booru_sqlite_lease_renew (BOORU_SQLITE_STORE (store)->db, lease, length,
                                   &lease->expires_at, error);
}

static gboolean
release_lease (BooruStore *store, BooruLease *lease, GError **error)
{
  return booru_sqlite_lease_release (BOORU_SQLITE_STORE (store)->db, lease, error);
}

static void
set_fence (BooruStore *store, const char *role, gint64 token)
{
  BooruSqliteDb *db = BOORU_SQLITE_STORE (store)->db;

  g_free (db->fence_role);
  db->fence_role = g_strdup (role);
  db->fence_token = token;
}

static void
booru_sqlite_store_iface_init (BooruStoreInterface *iface)
{
  iface->get_post = get_post;
  iface->get_post_by_md5 = get_post_by_md5;
  iface->search = search;
  iface->count = count;
  iface->list_tags = list_tags;
  iface->list_post_files = list_post_files;
  iface->get_metadata = get_metadata;
  iface->find_similar = find_similar;
  iface->list_hashes = list_hashes;
  iface->list_pairs = list_pairs;
  iface->count_pairs = count_pairs;
  iface->compare_posts = compare_posts;
  iface->decide_pair = decide_pair;
  iface->get_generation = get_generation;
  iface->trim = trim;
  iface->list_versions = list_versions;
  iface->measure_trash = measure_trash;
  iface->get_file = get_file;
  iface->edit_post = edit_post;
  iface->set_post_deleted = set_post_deleted;
  iface->revert_post = revert_post;
  iface->undo_version = undo_version;
  iface->purge_trash = purge_trash;
  iface->get_upload = get_upload;
  iface->list_uploads = list_uploads;
  iface->get_asset = get_asset;
  iface->find_media_asset = find_media_asset;
  iface->create_upload = create_upload;
  iface->want_post = want_post;
  iface->list_assets_to_do = list_assets_to_do;
  iface->list_assets_stale = list_assets_stale;
  iface->list_spool_names = list_spool_names;
  iface->is_content_known = is_content_known;
  iface->list_folders = list_folders;
  iface->ensure_folder = ensure_folder;
  iface->set_folder_state = set_folder_state;
  iface->foreach_file = foreach_file;
  iface->find_file = find_file;
  iface->find_file_by_inode = find_file_by_inode;
  iface->find_taken_file = find_taken_file;
  iface->apply_file_changes = apply_file_changes;
  iface->list_failures = list_failures;
  iface->get_lease = get_lease;
  iface->acquire_lease = acquire_lease;
  iface->renew_lease = renew_lease;
  iface->release_lease = release_lease;
  iface->set_fence = set_fence;
}

static void
booru_sqlite_store_finalize (GObject *object)
{
  BooruSqliteStore *self = BOORU_SQLITE_STORE (object);

  booru_sqlite_comparison_clear (&self->comparison);
  booru_sqlite_count_cache_clear (&self->counts);
  g_clear_pointer (&self->db, booru_sqlite_db_close);
  G_OBJECT_CLASS (booru_sqlite_store_parent_class)->finalize (object);
}

static void
booru_sqlite_store_class_init (BooruSqliteStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_sqlite_store_finalize;
}

static void
booru_sqlite_store_init (BooruSqliteStore *self)
{
  booru_sqlite_count_cache_init (&self->counts);
}

BooruStore *
booru_sqlite_store_open (const char *data_dir, BooruStoreOpenMode mode, GError **error)
{
  return booru_sqlite_store_open_with_progress (data_dir, mode, NULL, NULL, error);
}

BooruStore *
booru_sqlite_store_open_with_progress (const char *data_dir,
                                       BooruStoreOpenMode mode,
                                       BooruStoreProgress progress,
                                       gpointer user_data,
                                       GError **error)
{
  g_return_val_if_fail (data_dir != NULL, NULL);

  g_autoptr (BooruSqliteDb) db
      = booru_sqlite_db_open_with_progress (data_dir, mode, progress, user_data, error);
  BooruSqliteStore *self;

  if (db == NULL)
    return NULL;
  self = g_object_new (BOORU_TYPE_SQLITE_STORE, NULL);
  self->db = g_steal_pointer (&db);
  return BOORU_STORE (self);
}

const char *
booru_sqlite_store_get_library_version (void)
{
  return sqlite3_libversion ();
}

void
booru_sqlite_store_set_metrics (BooruSqliteStore *self, BooruMetrics *metrics)
{
  g_return_if_fail (BOORU_IS_SQLITE_STORE (self));

  booru_sqlite_db_set_metrics (self->db, metrics);
}

void
booru_sqlite_store_watch_trouble (BooruSqliteStore *self,
                                  BooruStoreTrouble func,
                                  gpointer user_data)
{
  g_return_if_fail (BOORU_IS_SQLITE_STORE (self));

  booru_sqlite_trouble_watch (self->db, func, user_data);
}

void
booru_sqlite_store_set_busy_timeout (BooruSqliteStore *self, guint milliseconds)
{
  g_return_if_fail (BOORU_IS_SQLITE_STORE (self));

  self->db->busy_timeout = milliseconds;
  sqlite3_busy_timeout (self->db->handle, milliseconds);
}

void
booru_sqlite_store_set_clock (BooruSqliteStore *self, BooruSqliteClock clock, gpointer user_data)
{
  g_return_if_fail (BOORU_IS_SQLITE_STORE (self));

  self->db->clock = clock;
  self->db->clock_data = user_data;
}
