-- SPDX-License-Identifier: LGPL-2.1-or-later
-- One of the ids that no post has. ?1: ids, a JSON array.
SELECT CAST (value AS bigint) FROM json_each (?1) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = CAST (wanted.value AS bigint))
LIMIT 1
