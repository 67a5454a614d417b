-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When a post was last commented on, and last bumped by one of its first ?2 comments. ?1: the post.
UPDATE posts
SET last_commented_at = (
    SELECT max (created_at) FROM comments WHERE post_id = ?1 AND is_deleted = 0),
  last_comment_bumped_at = (
    SELECT max (created_at) FROM (
      SELECT created_at, do_not_bump_post FROM comments WHERE post_id = ?1 AND is_deleted = 0
      ORDER BY id LIMIT ?2) AS first_ones
    WHERE do_not_bump_post = 0)
WHERE id = ?1
