-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts in the trash without any file, with what the search index knows of them. ?1: limit.
SELECT post.id, post.rating, post.tags
FROM post_index JOIN posts AS post ON post.id = -post_index.rowid
WHERE post_index MATCH 's1' AND NOT EXISTS (SELECT 1 FROM files WHERE post_id = post.id)
LIMIT ?1
