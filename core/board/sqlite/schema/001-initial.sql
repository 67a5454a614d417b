-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 1: folders, files, posts, tags, versions, the search index.
--
-- Times are microseconds since 1970, UTC. Unsigned 64-bit values (inode, device, phash) are stored
-- as the signed integers of equal bits. Paths and names in the file system are raw bytes: BLOB.

CREATE TABLE folders (
  id      INTEGER PRIMARY KEY,
  path    BLOB NOT NULL UNIQUE,          -- absolute
  kind    INTEGER NOT NULL,              -- BooruFolderKind
  device  INTEGER NOT NULL DEFAULT 0,
  present INTEGER NOT NULL DEFAULT 1
) STRICT;

-- A tag is never deleted, so that versions and packed lists (posts.tags) stay readable.
CREATE TABLE tags (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE,    -- normalised
  category      INTEGER NOT NULL,        -- BooruTagCategory
  post_count    INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  is_deprecated INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tags_by_count ON tags (post_count);

-- What a search filters or sorts by stands first, what only a page shows last.
CREATE TABLE posts (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT, -- a number is never given twice
  md5                 BLOB NOT NULL UNIQUE,  -- the 16 bytes
  status              INTEGER NOT NULL DEFAULT 0, -- BooruPostStatus
  rating              TEXT NOT NULL DEFAULT 'g',  -- g, s, q, e
  ext                 TEXT NOT NULL,
  size                INTEGER NOT NULL,
  width               INTEGER NOT NULL,
  height              INTEGER NOT NULL,
  duration            REAL,                  -- seconds; NULL: none
  frames              INTEGER NOT NULL DEFAULT 1,
  has_sound           INTEGER NOT NULL DEFAULT 0,
  has_sample          INTEGER NOT NULL DEFAULT 0,
  phash               INTEGER NOT NULL DEFAULT 0,
  score               INTEGER NOT NULL DEFAULT 0,
  up_score            INTEGER NOT NULL DEFAULT 0,
  down_score          INTEGER NOT NULL DEFAULT 0,
  fav_count           INTEGER NOT NULL DEFAULT 0,
  tag_count           INTEGER NOT NULL DEFAULT 0,
  tag_count_general   INTEGER NOT NULL DEFAULT 0,
  tag_count_artist    INTEGER NOT NULL DEFAULT 0,
  tag_count_copyright INTEGER NOT NULL DEFAULT 0,
  tag_count_character INTEGER NOT NULL DEFAULT 0,
  tag_count_meta      INTEGER NOT NULL DEFAULT 0,
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL,
  parent_id           INTEGER REFERENCES posts (id),     -- NULL: none
  uploader_id         INTEGER NOT NULL,
  approver_id         INTEGER,               -- NULL: none
  source              TEXT NOT NULL DEFAULT '',
  tags                BLOB NOT NULL DEFAULT x'' -- ids ascending: differences as LEB128 varints
) STRICT;
CREATE INDEX posts_by_parent ON posts (parent_id, status) WHERE parent_id IS NOT NULL;

-- Posts of each status and rating, kept by the triggers below: the count of everything, asked for
-- on every front page, without a scan.
CREATE TABLE post_counts (
  status INTEGER NOT NULL,
  rating TEXT NOT NULL,
  n      INTEGER NOT NULL,
  PRIMARY KEY (status, rating)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER posts_count_insert AFTER INSERT ON posts BEGIN
  INSERT INTO post_counts VALUES (new.status, new.rating, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER posts_count_delete AFTER DELETE ON posts BEGIN
  UPDATE post_counts SET n = n - 1 WHERE status = old.status AND rating = old.rating;
END;
CREATE TRIGGER posts_count_update AFTER UPDATE OF status, rating ON posts
  WHEN old.status <> new.status OR old.rating <> new.rating BEGIN
  UPDATE post_counts SET n = n - 1 WHERE status = old.status AND rating = old.rating;
  INSERT INTO post_counts VALUES (new.status, new.rating, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- One row a path. post_id NULL: a failure, or with failure NULL too, ignored.
CREATE TABLE files (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES folders (id),
  path      BLOB NOT NULL,               -- below the folder
  size      INTEGER NOT NULL,
  mtime_ns  INTEGER NOT NULL,
  inode     INTEGER NOT NULL,
  device    INTEGER NOT NULL,
  post_id   INTEGER REFERENCES posts (id),
  failure   TEXT,
  failed_at INTEGER,
  UNIQUE (folder_id, path)
) STRICT;
CREATE INDEX files_by_post ON files (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX files_by_inode ON files (inode);
CREATE INDEX files_by_failure ON files (failed_at) WHERE failure IS NOT NULL;

-- What an edit changed. Tags are packed as in posts.
CREATE TABLE post_versions (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id       INTEGER NOT NULL REFERENCES posts (id),
  updater_id    INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  tags_before   BLOB NOT NULL,
  tags_after    BLOB NOT NULL,
  rating_before TEXT NOT NULL,
  rating_after  TEXT NOT NULL,
  source_before TEXT NOT NULL,
  source_after  TEXT NOT NULL,
  parent_before INTEGER,
  parent_after  INTEGER
) STRICT;
CREATE INDEX post_versions_by_post ON post_versions (post_id);

-- The search index. rowid: the post's id, negated: FTS5 is several times quicker forwards than
-- backwards, and the newest posts are what is asked for. Tokens: "t" and the id of each tag, "r" and the rating
-- ("rs"), "s" and the number of the status ("s0"). Contentless: a row is taken out by the 'delete'
-- command with the very tokens that it was put in with.
CREATE VIRTUAL TABLE post_index USING fts5 (
  tokens, content='', detail=none, columnsize=0, tokenize='ascii'
);
