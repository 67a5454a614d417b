-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Which of some posts have a file: id, status, whether. ?1: ids, a JSON list.
SELECT id, status, EXISTS (SELECT 1 FROM files WHERE post_id = posts.id)
FROM posts
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
