/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-post.h"
#include "board/booru-query.h"

G_BEGIN_DECLS

/* Where uploaded files wait, in the managed folder: hidden from scans, and on its file system. */
#define BOORU_DIR_SPOOL BOORU_DIR_ORIGINALS "/.uploads"

typedef enum
{
  BOORU_ASSET_PENDING, /* the monitor has not looked at it yet */
  BOORU_ASSET_ACTIVE,  /* a picture or a video, which nobody has made a post of */
  BOORU_ASSET_POSTED,
  BOORU_ASSET_FAILED,  /* error says why; the file is kept for a while */
  BOORU_ASSET_EXPIRED, /* the file was removed, since nobody made a post of it */
} BooruAssetStatus;

/**
 * BooruAsset:
 *
 * An uploaded file on its way to be a post.
 */
typedef struct
{
  gint64 id;
  gint64 upload_id;
  gint64 media_asset_id; /* of its content, as that of its post; 0: the content is not known */
  BooruAssetStatus status;
  char *error;      /* NULL: none */
  char *file_name;  /* as the client calls it, UTF-8; "" if it does not */
  char *spool;      /* its name in BOORU_DIR_SPOOL; NULL: it is not there any more */
  BooruMedia media; /* size is always known, the rest once it is ACTIVE; md5 "": not known */
  gboolean wanted;  /* somebody asked for a post of it, with what follows */
  char *tag_string;
  char rating; /* 0: not said */
  char *source;
  gint64 parent_id;              /* 0: none */
  gint64 post_id;                /* once it is POSTED */
  gint64 created_at, updated_at; /* microseconds since 1970, UTC */
} BooruAsset;

void booru_asset_free (BooruAsset *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruAsset, booru_asset_free)

typedef struct
{
  gint64 id;
  gint64 uploader_id;
  char *source; /* "" if none */
  gint64 created_at, updated_at;
  GPtrArray *assets; /* BooruAsset, in the order of upload; one at least */
} BooruUpload;

void booru_upload_free (BooruUpload *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruUpload, booru_upload_free)

/* A file in the spool that is to become an asset. Not owned. */
typedef struct
{
  const char *spool;
  const char *file_name; /* or NULL */
  gint64 size;
} BooruUploadFile;

G_END_DECLS
