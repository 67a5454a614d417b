-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the search index knows of a post, and whether it has a file. ?1: post.
SELECT status, rating, tags, EXISTS (SELECT 1 FROM files WHERE post_id = posts.id)
FROM posts
WHERE id = ?1
