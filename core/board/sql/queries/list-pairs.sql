-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Open pairs of posts that are shown and not related already, nearest first. ?1: how many, ?2: how
-- many to pass over.
SELECT pair.post_id, pair.other_id, pair.distance
FROM similar_pairs AS pair CROSS JOIN posts AS post CROSS JOIN posts AS other
WHERE post.id = pair.post_id AND other.id = pair.other_id
  AND pair.decision = 0 AND post.status = 0 AND other.status = 0
  AND post.parent_id IS DISTINCT FROM other.id AND other.parent_id IS DISTINCT FROM post.id
  AND (post.parent_id IS NULL OR post.parent_id IS DISTINCT FROM other.parent_id)
ORDER BY pair.distance, pair.other_id DESC, pair.post_id DESC
LIMIT ?1 OFFSET ?2
