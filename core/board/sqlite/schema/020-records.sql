-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 20: pools, and versions of records (booru-record-types.c). What a record holds is in the
-- table of its kind, lists of names as JSON arrays, lists of posts in tables of their own.

-- What a record was after a change.
CREATE TABLE record_versions (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       INTEGER NOT NULL,           -- BooruRecordKind
  record_id  INTEGER NOT NULL,           -- stays when that is removed
  version    INTEGER NOT NULL,           -- from 1
  updater_id INTEGER NOT NULL,
  post_id    INTEGER REFERENCES posts (id), -- that the record belongs to; NULL: to none
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  data       TEXT NOT NULL,              -- a JSON object: its fields that are kept
  UNIQUE (kind, record_id, version)
) STRICT;
CREATE INDEX record_versions_by_post ON record_versions (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX record_versions_by_updater ON record_versions (updater_id, kind);

CREATE TABLE pools (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  description TEXT NOT NULL,
  is_active   INTEGER NOT NULL,
  is_deleted  INTEGER NOT NULL,
  category    TEXT NOT NULL,             -- series, collection
  post_count  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pools_by_name ON pools (lower (name));
CREATE INDEX pools_by_updated ON pools (updated_at);

CREATE TABLE pool_posts (
  pool_id  INTEGER NOT NULL REFERENCES pools (id),
  post_id  INTEGER NOT NULL REFERENCES posts (id),
  position INTEGER NOT NULL,             -- ascending; there may be gaps
  PRIMARY KEY (pool_id, post_id)
) STRICT;
CREATE INDEX pool_posts_in_order ON pool_posts (pool_id, position);
CREATE INDEX pool_posts_by_post ON pool_posts (post_id);
