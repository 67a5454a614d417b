/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include "board/booru-post.h"

G_BEGIN_DECLS

/* A folder whose files are posts. */
typedef enum
{
  BOORU_FOLDER_LIBRARY, /* the user's own, indexed in place, never written to */
  BOORU_FOLDER_MANAGED, /* "originals" in the data folder: what came by ingest or upload */
} BooruFolderKind;

typedef struct
{
  gint64 id;
  char *path; /* absolute, raw bytes */
  BooruFolderKind kind;
  guint64 device;   /* st_dev when it was last seen; 0: never */
  gboolean present; /* FALSE: unmounted or gone; its posts stay as they are */
  gint64 n_files;   /* that belong to a post */
  gint64 n_failed;  /* that could not be read */
  gint64 n_ignored; /* that are neither pictures nor videos */
} BooruFolder;

void booru_folder_free (BooruFolder *self);

/* NULL: none, or @folders is NULL. */
const BooruFolder *booru_folder_find (GPtrArray *folders, gint64 id);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFolder, booru_folder_free)

/* What stat() says of a file: equal in all members means unchanged. */
typedef struct
{
  gint64 size;
  gint64 mtime_ns; /* nanoseconds since 1970 */
  guint64 inode;
  guint64 device;
} BooruFileStat;

/* A place where content lies. */
typedef struct
{
  gint64 id;
  gint64 post_id; /* 0: a failure (see @failure), or ignored */
  gint64 folder_id;
  char *path; /* below the folder, raw bytes, no leading slash */
  BooruFileStat stat;
  char *failure;    /* why it could not be read, or NULL */
  gint64 failed_at; /* microseconds since 1970; in lists of failures only */
} BooruFile;

void booru_file_free (BooruFile *self);

/* For reading; -1: it has gone, or its size is not what is known of it. */
int booru_file_open (const BooruFile *self, const BooruFolder *folder, struct stat *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFile, booru_file_free)

/* The origins of what the monitor finds with files. */
/* Of so many files it is known what they were called in the ingest folder. */
#define BOORU_TAKEN_FILES_KEPT 4096

#define BOORU_IMPORT_SIDECAR "sidecar"
#define BOORU_IMPORT_EMBEDDED "embedded" /* keywords in the file itself */
#define BOORU_IMPORT_FOLDER "folder"     /* rules and names of folders */

/**
 * BooruImport:
 *
 * What something other than a user says of a post: a sidecar, keywords in the file, a folder's
 * rule. It is merged with what the same origin said of the same file before, so that what users did
 * meanwhile stays: see booru_store_apply_file_changes().
 */
typedef struct
{
  char *origin; /* one of those above, or a plugin's own word */
  /* All that it says now, space-separated, with "category:name"; what cannot be a tag is left
   * out; NULL: none. */
  char *tags;
  char rating;  /* 0: says nothing of it */
  char *source; /* NULL: says nothing of it */
  char *note;   /* for people, kept with the version: "a.jpg.json" */
} BooruImport;

BooruImport *booru_import_new (const char *origin);
void booru_import_free (BooruImport *self);
GPtrArray *booru_imports_new (void); /* empty; owns its elements */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruImport, booru_import_free)

/* Which of the files that could not be read are wanted. */
typedef struct
{
  gint64 folder_id;  /* 0: of all folders */
  const char *below; /* with a folder: that file, or what lies in that directory; NULL: all */
  guint limit;
  guint offset; /* so many of the newest are left out */
  /* -1: newest first; else in the order of ids, only those behind this one: to go through all
   * while they change. */
  gint64 after;
} BooruFailureFilter;

#define BOORU_FAILURE_FILTER_INIT                                                                  \
  {                                                                                                \
    .limit = 100, .after = -1                                                                      \
  }

typedef enum
{
  /* File with decoded content: @media; creates the post, or adds a file to the post of that md5,
   * or replaces what the path held before. */
  BOORU_FILE_ADD,

  /* Another file of the known post @post_id (equal bytes): no decoding was needed. */
  BOORU_FILE_LINK,
  BOORU_FILE_MOVE,   /* @file_id is now at @folder_id, @path, @stat */
  BOORU_FILE_TOUCH,  /* @file_id has the same content, but another @stat */
  BOORU_FILE_REMOVE, /* @file_id vanished; a post without files becomes missing */
  BOORU_FILE_FAIL,   /* @path could not be read: @failure; retried when @stat changes */
  BOORU_FILE_IMPORT, /* @imports of @file_id, whose content is as it was */
  BOORU_ASSET_READY, /* @asset_id holds @media; nobody has asked for a post of it */
  BOORU_ASSET_JOIN,  /* the bytes of @asset_id are those of @post_id */
  BOORU_ASSET_FAIL,  /* @asset_id cannot be a post: @failure */
  BOORU_ASSET_GONE,  /* the file of @asset_id was removed from the spool */
  /* @path is neither a picture nor a video nor named like one: remembered, so that it is not
   * read again until @stat changes. */
  BOORU_FILE_IGNORE,
} BooruFileChangeKind;

/**
 * BooruFileChange:
 *
 * One thing that the monitor saw. Members that the kind does not name are ignored.
 */
typedef struct
{
  BooruFileChangeKind kind;
  gint64 file_id;

  /* In for LINK and JOIN; out: the post concerned, 0 if none, or if an IMPORT changed nothing. */
  gint64 post_id;
  gint64 asset_id; /* ADD, LINK: the uploaded file that this was (booru-upload.h), 0: none */
  gint64 folder_id;
  char *path;
  BooruFileStat stat;
  BooruMedia media;

  /* ADD: what the file says of itself, see booru_store_get_metadata(); IMPORT: how that changes,
   * a JSON Merge Patch; NULL: keep what is known. */
  char *metadata;

  /* BooruImport, of different origins. ADD, LINK, MOVE, IMPORT: what is said of the file; NULL:
   * nothing. */
  GPtrArray *imports;
  char *failure;

  /* ADD, LINK: what it was called in the ingest folder, see booru_store_find_taken_file(); NULL:
   * it was not there. */
  char *taken_name;
  gboolean created; /* out: a new post came to be */
} BooruFileChange;

BooruFileChange *booru_file_change_new (BooruFileChangeKind kind);
void booru_file_change_free (BooruFileChange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFileChange, booru_file_change_free)

G_END_DECLS
