/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-post.h"
#include "board/booru-query.h"

G_BEGIN_DECLS

/**
 * BOORU_DIR_SPOOL:
 *
 * Where uploaded files wait, below the data folder: in the managed folder, so on its file system,
 * and hidden from scans.
 */
#define BOORU_DIR_SPOOL BOORU_DIR_ORIGINALS "/.uploads"

/**
 * BooruAssetStatus:
 * @BOORU_ASSET_PENDING: the monitor has not looked at it yet
 * @BOORU_ASSET_ACTIVE: a picture or a video that nobody has made a post of
 * @BOORU_ASSET_POSTED: a post
 * @BOORU_ASSET_FAILED: error says why; the file is kept for a while
 * @BOORU_ASSET_EXPIRED: the file was removed, since nobody made a post of it
 *
 * The status of an uploaded file.
 */
typedef enum
{
  BOORU_ASSET_PENDING,
  BOORU_ASSET_ACTIVE,
  BOORU_ASSET_POSTED,
  BOORU_ASSET_FAILED,
  BOORU_ASSET_EXPIRED,
} BooruAssetStatus;

/**
 * BooruAsset:
 * @id: its number
 * @upload_id: its upload
 * @media_asset_id: of its content, as that of its post; 0: the content is not known
 * @status: its status
 * @error: %NULL: none
 * @file_name: the client's name for it, UTF-8; "" if it gave none
 * @spool: its name in %BOORU_DIR_SPOOL; %NULL: no longer there
 * @media: size is always known, the rest once it is ACTIVE; md5 "": not known
 * @wanted: whether somebody asked for a post of it, with the following:
 * @tag_string: its tags
 * @rating: 0 if not said
 * @source: its source
 * @parent_id: 0 for none
 * @post_id: once it is POSTED
 * @created_at: microseconds since 1970, UTC
 * @updated_at: microseconds since 1970, UTC
 *
 * An uploaded file on its way to becoming a post.
 */
typedef struct
{
  gint64 id;
  gint64 upload_id;
  gint64 media_asset_id;
  BooruAssetStatus status;
  char *error;
  char *file_name;
  char *spool;
  BooruMedia media;
  gboolean wanted;
  char *tag_string;
  char rating;
  char *source;
  gint64 parent_id;
  gint64 post_id;
  gint64 created_at, updated_at;
} BooruAsset;

/**
 * booru_asset_free:
 * @self: (transfer full): an uploaded file
 */
void booru_asset_free (BooruAsset *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruAsset, booru_asset_free)

/**
 * BooruUpload:
 * @id: its number
 * @uploader_id: who uploaded it
 * @source: "" if none
 * @created_at: microseconds since 1970, UTC
 * @updated_at: microseconds since 1970, UTC
 * @assets: (element-type BooruAsset): its files, in the order of upload; at least one
 *
 * Files that were uploaded together.
 */
typedef struct
{
  gint64 id;
  gint64 uploader_id;
  char *source;
  gint64 created_at, updated_at;
  GPtrArray *assets;
} BooruUpload;

/**
 * booru_upload_free:
 * @self: (transfer full): an upload
 */
void booru_upload_free (BooruUpload *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruUpload, booru_upload_free)

/**
 * BooruUploadFile:
 * @spool: its name in %BOORU_DIR_SPOOL
 * @file_name: the client's name for it, or %NULL
 * @size: in bytes
 *
 * A file in the spool that is to become an asset. Owns nothing.
 */
typedef struct
{
  const char *spool;
  const char *file_name;
  gint64 size;
} BooruUploadFile;

G_END_DECLS
