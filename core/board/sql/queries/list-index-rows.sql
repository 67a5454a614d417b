-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the search index knows of posts. ?1: first id, ?2: last id. The mask has the bit of the parent's
-- status. Children are counted by their status: those active and, times 2^31, deleted; missing and expunged.
SELECT id, status, rating, ext, score, up_score, down_score, fav_count, width, height, size, duration,
  created_at, updated_at, md5, source,
  CASE WHEN EXISTS (SELECT 1 FROM media_metadata
                    WHERE post_id = post.id AND instr(metadata, '"File:Incomplete":') > 0)
    THEN 1 ELSE 0 END,
  CASE WHEN parent_id IS NULL THEN 0
    ELSE coalesce ((SELECT 1 << CAST (parent.status AS integer) FROM posts AS parent
                    WHERE parent.id = post.parent_id), 0)
    END,
  CAST (coalesce ((SELECT sum (CASE child.status WHEN 0 THEN 1 WHEN 1 THEN 2147483648 ELSE 0 END)
                   FROM posts AS child WHERE child.parent_id = post.id), 0) AS bigint),
  CAST (coalesce ((SELECT sum (CASE child.status WHEN 2 THEN 1 WHEN 3 THEN 2147483648 ELSE 0 END)
                   FROM posts AS child WHERE child.parent_id = post.id), 0) AS bigint),
  tags
FROM posts AS post
WHERE id BETWEEN ?1 AND ?2
ORDER BY id
