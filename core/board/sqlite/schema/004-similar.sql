-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 4: perceptual hashes where they can be looked through quickly.
--
-- A hash is 8 bytes, the lowest first; 0 is none. A post has its hash in its block, or, if it moves
-- and its frames were hashed, all of its hashes in frame_hashes: never in both.

-- The hashes of posts 500 * block to 500 * block + 499, as far as the last one that is not 0: a
-- whole block and its row's head fill a page of the database.
CREATE TABLE phash_blocks (
  block  INTEGER PRIMARY KEY,
  hashes BLOB NOT NULL
) STRICT;

CREATE TABLE frame_hashes (
  post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
  hashes  BLOB NOT NULL                      -- of the thumbnail, then of frames; none is 0
) STRICT;

INSERT INTO phash_blocks
  SELECT id / 500, pack_hash (id % 500, phash) FROM posts WHERE phash <> 0 GROUP BY id / 500;
