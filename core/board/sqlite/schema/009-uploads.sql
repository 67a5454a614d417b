-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 9: uploads, and the files of each on their way to be posts.
CREATE TABLE uploads (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  uploader_id INTEGER NOT NULL,
  source      TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE upload_assets (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  upload_id  INTEGER NOT NULL REFERENCES uploads (id),
  status     INTEGER NOT NULL DEFAULT 0, -- BooruAssetStatus
  error      TEXT,
  file_name  TEXT NOT NULL,
  spool      TEXT,                       -- NULL: the file is not in the spool any more
  size       INTEGER NOT NULL,
  md5        BLOB,                       -- this and what follows: NULL until it was decoded
  ext        TEXT,
  width      INTEGER,
  height     INTEGER,
  duration   REAL,
  frames     INTEGER,
  has_sound  INTEGER,
  has_sample INTEGER,
  wanted     INTEGER NOT NULL DEFAULT 0, -- a post of it was asked for, with:
  tag_string TEXT,
  rating     TEXT,
  source     TEXT,
  parent_id  INTEGER,
  post_id    INTEGER REFERENCES posts (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_assets_by_upload ON upload_assets (upload_id);
CREATE INDEX upload_assets_in_spool ON upload_assets (status) WHERE spool IS NOT NULL;
