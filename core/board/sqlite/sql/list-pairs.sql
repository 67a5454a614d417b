-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Open pairs of posts that are shown and not related already, nearest first. ?1: how many, ?2: how
-- many to pass over.
SELECT pair.post_id, pair.other_id, pair.distance
FROM similar_pairs AS pair INDEXED BY similar_pairs_open
  CROSS JOIN posts AS post ON post.id = pair.post_id
  CROSS JOIN posts AS other ON other.id = pair.other_id
WHERE pair.decision = 0 AND post.status = 0 AND other.status = 0
  AND post.parent_id IS NOT other.id AND other.parent_id IS NOT post.id
  AND (post.parent_id IS NULL OR post.parent_id IS NOT other.parent_id)
ORDER BY pair.distance, pair.other_id DESC, pair.post_id DESC
LIMIT ?1 OFFSET ?2
