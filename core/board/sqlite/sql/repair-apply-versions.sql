-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the damaged database did not have itself is as its last version says.
UPDATE posts
SET tags = v.tags_after, rating = v.rating_after, source = v.source_after,
  parent_id = v.parent_after
FROM (SELECT post_id, max (id), tags_after, rating_after, source_after, parent_after
      FROM post_versions GROUP BY post_id) v
WHERE v.post_id = posts.id AND posts.id NOT IN (SELECT id FROM temp.kept_posts)
