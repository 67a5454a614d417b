-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts in the trash (status 1) without any file. ?1: limit. "status <> 0" as in
-- list-trash.sql.
SELECT id
FROM posts
WHERE status = 1 AND status <> 0 AND NOT EXISTS (SELECT 1 FROM files WHERE post_id = posts.id)
LIMIT ?1
