-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 21: what else hangs on posts and people (booru-record-types.c).

-- When posts were last commented on, or their notes changed; NULL: never.
ALTER TABLE posts ADD COLUMN last_noted_at INTEGER;
ALTER TABLE posts ADD COLUMN last_commented_at INTEGER;
ALTER TABLE posts ADD COLUMN last_comment_bumped_at INTEGER;
CREATE INDEX posts_by_noted ON posts (id, last_noted_at) WHERE last_noted_at IS NOT NULL;
CREATE INDEX posts_by_commented ON posts (id, last_commented_at, last_comment_bumped_at)
  WHERE last_commented_at IS NOT NULL;

CREATE TABLE favorites (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL,
  post_id INTEGER NOT NULL REFERENCES posts (id),
  UNIQUE (user_id, post_id)
) STRICT;
CREATE INDEX favorites_by_user ON favorites (user_id, id);
CREATE INDEX favorites_by_post ON favorites (post_id, id);

CREATE TABLE favorite_groups (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,
  creator_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  is_public  INTEGER NOT NULL,
  post_count INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX favorite_groups_by_name ON favorite_groups (creator_id, lower (name));

CREATE TABLE favorite_group_posts (
  favorite_group_id INTEGER NOT NULL REFERENCES favorite_groups (id) ON DELETE CASCADE,
  post_id           INTEGER NOT NULL REFERENCES posts (id),
  position          INTEGER NOT NULL,    -- ascending; there may be gaps
  PRIMARY KEY (favorite_group_id, post_id)
) STRICT;
CREATE INDEX favorite_group_posts_in_order ON favorite_group_posts (favorite_group_id, position);
CREATE INDEX favorite_group_posts_by_post ON favorite_group_posts (post_id);

CREATE TABLE saved_searches (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL,
  query      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  labels     TEXT NOT NULL               -- a JSON array
) STRICT;
CREATE INDEX saved_searches_by_user ON saved_searches (user_id);

-- A vote that was taken back stays.
CREATE TABLE post_votes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id    INTEGER NOT NULL REFERENCES posts (id),
  user_id    INTEGER NOT NULL,
  score      INTEGER NOT NULL,           -- 1, -1
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX post_votes_that_count ON post_votes (user_id, post_id) WHERE is_deleted = 0;
CREATE INDEX post_votes_by_post ON post_votes (post_id);

CREATE TABLE comments (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  created_at       INTEGER NOT NULL,
  post_id          INTEGER NOT NULL REFERENCES posts (id),
  creator_id       INTEGER NOT NULL,
  body             TEXT NOT NULL,
  score            INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  updater_id       INTEGER,
  do_not_bump_post INTEGER NOT NULL,
  is_deleted       INTEGER NOT NULL,
  is_sticky        INTEGER NOT NULL
) STRICT;
CREATE INDEX comments_by_post ON comments (post_id);
CREATE INDEX comments_by_creator ON comments (creator_id);

CREATE TABLE comment_votes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  comment_id INTEGER NOT NULL REFERENCES comments (id),
  user_id    INTEGER NOT NULL,
  score      INTEGER NOT NULL,           -- 1, -1
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX comment_votes_that_count ON comment_votes (user_id, comment_id)
  WHERE is_deleted = 0;
CREATE INDEX comment_votes_by_comment ON comment_votes (comment_id);

CREATE TABLE notes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id    INTEGER NOT NULL REFERENCES posts (id),
  x          INTEGER NOT NULL,           -- pixels of the original, as the next ones
  y          INTEGER NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  is_active  INTEGER NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  version    INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_by_post ON notes (post_id);

CREATE TABLE artist_commentaries (
  id                     INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id                INTEGER NOT NULL UNIQUE REFERENCES posts (id),
  original_title         TEXT NOT NULL,
  original_description   TEXT NOT NULL,
  translated_title       TEXT NOT NULL,
  translated_description TEXT NOT NULL,
  created_at             INTEGER NOT NULL,
  updated_at             INTEGER NOT NULL
) STRICT;

CREATE TABLE wiki_pages (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  title       TEXT NOT NULL UNIQUE,      -- as a tag's name
  body        TEXT NOT NULL,
  is_locked   INTEGER NOT NULL,
  other_names TEXT NOT NULL,             -- a JSON array
  is_deleted  INTEGER NOT NULL
) STRICT;

CREATE TABLE artists (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE,      -- as a tag's name
  is_deleted  INTEGER NOT NULL,
  is_banned   INTEGER NOT NULL,
  group_name  TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  other_names TEXT NOT NULL,             -- a JSON array, as the next one
  urls        TEXT NOT NULL              -- with "-" before those that are not in use any more
) STRICT;

-- The addresses of artists, each with a number of its own.
CREATE TABLE artist_urls (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  artist_id  INTEGER NOT NULL REFERENCES artists (id),
  url        TEXT NOT NULL,
  compared   TEXT NOT NULL,              -- without what two addresses of one page differ in
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  is_active  INTEGER NOT NULL,
  UNIQUE (artist_id, url)
) STRICT;
CREATE INDEX artist_urls_compared ON artist_urls (compared);
