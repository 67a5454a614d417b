-- SPDX-License-Identifier: LGPL-2.1-or-later
-- As the migration did.
INSERT OR REPLACE INTO phash_blocks
  SELECT id / 500, pack_hash (id % 500, phash) FROM posts
  WHERE phash <> 0 AND id NOT IN (SELECT post_id FROM frame_hashes) GROUP BY id / 500
