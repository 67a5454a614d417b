-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How many list-pairs lists.
SELECT count (*)
FROM similar_pairs AS pair CROSS JOIN posts AS post CROSS JOIN posts AS other
WHERE post.id = pair.post_id AND other.id = pair.other_id
  AND pair.decision = 0 AND post.status = 0 AND other.status = 0
  AND post.parent_id IS DISTINCT FROM other.id AND other.parent_id IS DISTINCT FROM post.id
  AND (post.parent_id IS NULL OR post.parent_id IS DISTINCT FROM other.parent_id)
