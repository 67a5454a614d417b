-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The pools that a post is in, series first, with the posts before and after it. ?1: the post,
-- ?2: how many pools at most.
SELECT pools.id, pools.name, pools.category,
  (SELECT near.post_id FROM pool_posts AS near
    WHERE near.pool_id = here.pool_id AND near.position < here.position
    ORDER BY near.position DESC LIMIT 1),
  (SELECT near.post_id FROM pool_posts AS near
    WHERE near.pool_id = here.pool_id AND near.position > here.position
    ORDER BY near.position LIMIT 1)
FROM pool_posts AS here JOIN pools ON pools.id = here.pool_id
WHERE here.post_id = ?1 AND pools.is_deleted = 0
ORDER BY pools.category DESC, pools.name
LIMIT ?2
