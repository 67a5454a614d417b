-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: origin, ?3: file or 0, ?4 to ?6: packed tags that it says, has added, and that were
-- taken away from it, ?7: rating or NULL, ?8: source or NULL.
INSERT INTO post_imports (post_id, origin, file_id, tags, added, refused, rating, source)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (post_id, origin, file_id) DO UPDATE SET
  tags = excluded.tags, added = excluded.added, refused = excluded.refused,
  rating = excluded.rating, source = excluded.source
