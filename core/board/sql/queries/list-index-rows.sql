-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the search index knows of posts. ?1: first id, ?2: last id. The masks have a bit for each status:
-- of the parent, and of the children.
SELECT id, status, rating, ext, score, up_score, down_score, fav_count, width, height, size, duration,
  created_at, updated_at, md5, CASE WHEN source <> '' THEN 1 ELSE 0 END,
  CASE WHEN EXISTS (SELECT 1 FROM media_metadata
                    WHERE post_id = post.id AND instr(metadata, '"File:Incomplete":') > 0)
    THEN 1 ELSE 0 END,
  CASE WHEN parent_id IS NULL THEN 0
    ELSE coalesce ((SELECT 1 << CAST (parent.status AS integer) FROM posts AS parent
                    WHERE parent.id = post.parent_id), 0)
    END,
  coalesce ((SELECT sum (bits)
             FROM (SELECT DISTINCT 1 << CAST (child.status AS integer) AS bits FROM posts AS child
                   WHERE child.parent_id = post.id) AS masks), 0),
  tags
FROM posts AS post
WHERE id BETWEEN ?1 AND ?2
ORDER BY id
