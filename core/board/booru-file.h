/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "board/booru-post.h"

G_BEGIN_DECLS

/**
 * BooruFolderKind:
 * @BOORU_FOLDER_LIBRARY: the user's own, indexed in place, never written to
 * @BOORU_FOLDER_MANAGED: "originals" in the files folder: files that were ingested or uploaded
 *
 * A kind of folder whose files are posts.
 */
typedef enum
{
  BOORU_FOLDER_LIBRARY,
  BOORU_FOLDER_MANAGED,
} BooruFolderKind;

/**
 * BOORU_NODE_SIZE:
 *
 * Bytes of the name of a machine among those that use one database, with the NUL behind it.
 */
#define BOORU_NODE_SIZE 40

/**
 * BooruFolder:
 * @id: its number
 * @path: absolute, raw bytes
 * @kind: its kind
 * @device: st_dev when it was last seen; 0: never
 * @present: %FALSE: unmounted or gone; its posts stay as they are
 * @node: the machine whose monitor saw it last; empty: there is one machine only
 * @n_files: how many of its files belong to a post
 * @n_failed: how many could not be read
 * @n_ignored: how many are neither pictures nor videos
 *
 * A folder whose files are posts.
 */
typedef struct
{
  gint64 id;
  char *path;
  BooruFolderKind kind;
  guint64 device;
  gboolean present;
  char node[BOORU_NODE_SIZE];
  gint64 n_files;
  gint64 n_failed;
  gint64 n_ignored;
} BooruFolder;

/**
 * booru_folder_free:
 * @self: (transfer full): a folder
 */
void booru_folder_free (BooruFolder *self);

/**
 * booru_folder_find:
 * @folders: (nullable) (element-type BooruFolder): folders
 * @id: a folder's number
 *
 * Returns: (transfer none) (nullable): the folder with that number
 */
const BooruFolder *booru_folder_find (GPtrArray *folders, gint64 id);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFolder, booru_folder_free)

/**
 * BooruFileStat:
 * @size: in bytes
 * @mtime_ns: nanoseconds since 1970
 * @inode: st_ino
 * @device: st_dev
 *
 * The part of stat() by which a file is recognised: equal in all members means unchanged.
 */
typedef struct
{
  gint64 size;
  gint64 mtime_ns;
  guint64 inode;
  guint64 device;
} BooruFileStat;

/**
 * BooruFile:
 * @id: its number
 * @post_id: its post; 0: the file failed (see @failure) or is ignored
 * @folder_id: its folder
 * @path: below the folder, raw bytes, no leading slash
 * @stat: when it was last read
 * @failure: why it could not be read, or %NULL
 * @failed_at: microseconds since 1970; in lists of failures only
 *
 * A place where content lies.
 */
typedef struct
{
  gint64 id;
  gint64 post_id;
  gint64 folder_id;
  char *path;
  BooruFileStat stat;
  char *failure;
  gint64 failed_at;
} BooruFile;

/**
 * booru_file_free:
 * @self: (transfer full): a file
 */
void booru_file_free (BooruFile *self);

/**
 * booru_file_open:
 * @self: a file
 * @folder: its folder
 * @info: (out caller-allocates): filled in
 *
 * Opens a file for reading.
 *
 * Returns: a descriptor, owned by the caller; -1 if the file is gone or its size has changed
 */
int booru_file_open (const BooruFile *self, const BooruFolder *folder, struct stat *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFile, booru_file_free)

/**
 * BOORU_TAKEN_FILES_KEPT:
 *
 * How many files keep the name that they had in the ingest folder.
 */
#define BOORU_TAKEN_FILES_KEPT 4096

/**
 * BOORU_IMPORT_SIDECAR:
 *
 * Origin of an import: a sidecar.
 */
#define BOORU_IMPORT_SIDECAR "sidecar"

/**
 * BOORU_IMPORT_EMBEDDED:
 *
 * Origin of an import: keywords in the file itself.
 */
#define BOORU_IMPORT_EMBEDDED "embedded"

/**
 * BOORU_IMPORT_FOLDER:
 *
 * Origin of an import: rules and names of folders.
 */
#define BOORU_IMPORT_FOLDER "folder"

/**
 * BOORU_IMPORT_IMPLICATION:
 *
 * Origin of what a post has by an implication of its tags.
 */
#define BOORU_IMPORT_IMPLICATION "implication"

/**
 * BooruImport:
 * @origin: one of the above, or a plugin's own word
 * @tags: all that it says now, space-separated, with "category:name"; invalid tags are left out;
 *   %NULL: none
 * @rating: 0 if not said
 * @source: %NULL: not said
 * @note: for people, kept with the version: "a.jpg.json"
 *
 * What something other than a user says of a post: a sidecar, keywords in the file, a folder rule.
 * It is merged with what the same origin said of the same file before, so that what users did
 * meanwhile stays: see booru_store_apply_file_changes().
 */
typedef struct
{
  char *origin;
  char *tags;
  char rating;
  char *source;
  char *note;
} BooruImport;

/**
 * booru_import_new:
 * @origin: where the statements come from
 *
 * Returns: (transfer full): an import that says nothing yet
 */
BooruImport *booru_import_new (const char *origin);

/**
 * booru_import_free:
 * @self: (transfer full): an import
 */
void booru_import_free (BooruImport *self);

/**
 * booru_imports_new:
 *
 * Returns: (transfer full) (element-type BooruImport): an empty list
 */
GPtrArray *booru_imports_new (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruImport, booru_import_free)

/**
 * BooruFailureFilter:
 * @folder_id: 0 for all folders
 * @below: with a folder: that file, or what lies in that directory; %NULL: all
 * @limit: how many at most
 * @offset: how many of the newest to leave out
 * @after: -1 for the newest first; otherwise by id, only those after this one: to go through all of
 *   them while they change
 *
 * Which of the unreadable files are wanted.
 */
typedef struct
{
  gint64 folder_id;
  const char *below;
  guint limit;
  guint offset;
  gint64 after;
} BooruFailureFilter;

/**
 * BOORU_FAILURE_FILTER_INIT:
 *
 * The initial value of a #BooruFailureFilter: the newest 100 of all folders.
 */
#define BOORU_FAILURE_FILTER_INIT                                                                  \
  {                                                                                                \
    .limit = 100, .after = -1                                                                      \
  }

/**
 * BooruFileChangeKind:
 * @BOORU_FILE_ADD: a decoded file, with @media: creates the post, adds a file to the post with that
 *   md5, or replaces what the path held before
 * @BOORU_FILE_LINK: another file of the known post @post_id (equal bytes), which was not decoded
 * @BOORU_FILE_MOVE: @file_id is now at @folder_id, @path, @stat
 * @BOORU_FILE_TOUCH: @file_id has the same content, but another @stat
 * @BOORU_FILE_REMOVE: @file_id vanished; a post without files becomes missing
 * @BOORU_FILE_FAIL: @path could not be read: @failure; retried when @stat changes
 * @BOORU_FILE_IMPORT: @imports of @file_id, whose content is unchanged
 * @BOORU_ASSET_READY: @asset_id holds @media; nobody has asked for a post of it
 * @BOORU_ASSET_JOIN: @asset_id has the same bytes as @post_id
 * @BOORU_ASSET_FAIL: @asset_id cannot be a post: @failure
 * @BOORU_ASSET_GONE: the file of @asset_id was removed from the spool
 * @BOORU_FILE_IGNORE: @path is neither a picture nor a video nor named like one: remembered, so
 *   that it is not read again until @stat changes
 *
 * What the monitor saw.
 */
typedef enum
{
  BOORU_FILE_ADD,
  BOORU_FILE_LINK,
  BOORU_FILE_MOVE,
  BOORU_FILE_TOUCH,
  BOORU_FILE_REMOVE,
  BOORU_FILE_FAIL,
  BOORU_FILE_IMPORT,
  BOORU_ASSET_READY,
  BOORU_ASSET_JOIN,
  BOORU_ASSET_FAIL,
  BOORU_ASSET_GONE,
  BOORU_FILE_IGNORE,
} BooruFileChangeKind;

/**
 * BooruFileChange:
 * @kind: what was seen
 * @file_id: the known file
 * @post_id: in for LINK and JOIN; out: the post concerned; 0 if none, or if an IMPORT changed
 *   nothing
 * @asset_id: ADD, LINK: the uploaded file that this was; 0: none
 * @folder_id: where the file is
 * @path: where the file is, below the folder
 * @stat: of the file
 * @media: what decoding found
 * @metadata: for ADD, what the file says of itself, see booru_store_get_metadata(); for IMPORT, how
 *   that changes, a JSON Merge Patch; %NULL: keep what is known
 * @imports: (element-type BooruImport): ADD, LINK, MOVE, IMPORT: what is said of the file, one
 *   import for each origin; %NULL: nothing
 * @failure: why it failed
 * @taken_name: ADD, LINK: its name in the ingest folder, see booru_store_find_taken_file(); %NULL:
 *   it was not there
 * @created: set if a new post was created
 *
 * One thing that the monitor saw. Members that the kind does not mention are ignored.
 */
typedef struct
{
  BooruFileChangeKind kind;
  gint64 file_id;
  gint64 post_id;
  gint64 asset_id;
  gint64 folder_id;
  char *path;
  BooruFileStat stat;
  BooruMedia media;
  char *metadata;
  GPtrArray *imports;
  char *failure;
  char *taken_name;
  gboolean created;
} BooruFileChange;

/**
 * booru_file_change_new:
 * @kind: what was seen
 *
 * Returns: (transfer full): a change whose other members are empty
 */
BooruFileChange *booru_file_change_new (BooruFileChangeKind kind);

/**
 * booru_file_change_free:
 * @self: (transfer full): a change
 */
void booru_file_change_free (BooruFileChange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFileChange, booru_file_change_free)

G_END_DECLS
