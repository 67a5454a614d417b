-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How many list-pairs lists.
SELECT count (*)
FROM similar_pairs AS pair INDEXED BY similar_pairs_open
  CROSS JOIN posts AS post ON post.id = pair.post_id
  CROSS JOIN posts AS other ON other.id = pair.other_id
WHERE pair.decision = 0 AND post.status = 0 AND other.status = 0
  AND post.parent_id IS NOT other.id AND other.parent_id IS NOT post.id
  AND (post.parent_id IS NULL OR post.parent_id IS NOT other.parent_id)
