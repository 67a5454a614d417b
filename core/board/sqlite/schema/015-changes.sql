-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 15: the generation of the board, and what each write changed.
--
-- The search index lies outside of the database now, and follows this log. It counts the tags of
-- each category itself: the columns tag_count_general to tag_count_meta of posts are not used any
-- more.

-- One row. Each write raises the generation first.
CREATE TABLE board (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  generation INTEGER NOT NULL,
  store_id   TEXT NOT NULL      -- of this store, whatever machine it is on
) STRICT;
INSERT INTO board VALUES (1, 1, lower (hex (randomblob (16))));

CREATE TABLE changes (
  generation INTEGER NOT NULL,
  kind       INTEGER NOT NULL,  -- BooruChangeKind
  first_id   INTEGER NOT NULL,
  last_id    INTEGER NOT NULL,
  ids        BLOB,              -- packed as posts.tags; NULL: all from first_id to last_id
  created_at INTEGER NOT NULL,
  PRIMARY KEY (generation, kind)
) STRICT, WITHOUT ROWID;

DROP TABLE post_index;

-- What is not active is little: the trash, and what is missing.
CREATE INDEX posts_by_status ON posts (status, id) WHERE status <> 0;
