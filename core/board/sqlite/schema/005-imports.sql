-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 5: what sidecars, keywords in files and folders' rules say of posts.
--
-- One row for each file of a post: a post can lie in several folders. The row of a file that is gone
-- stays, so that what was taken away from the post is not added again when the file comes back.
-- Tags are packed as in posts.
CREATE TABLE post_imports (
  post_id INTEGER NOT NULL REFERENCES posts (id),
  origin  TEXT NOT NULL,
  file_id INTEGER NOT NULL, -- 0: of no file
  tags    BLOB NOT NULL,    -- what it says
  added   BLOB NOT NULL,    -- of these, what the post has by it
  refused BLOB NOT NULL,    -- what it said and somebody took away
  rating  TEXT,             -- as last said; NULL: never
  source  TEXT,
  PRIMARY KEY (post_id, origin, file_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE post_versions ADD COLUMN note TEXT; -- what an import came from; NULL: a user did it
