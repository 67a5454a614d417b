-- SPDX-License-Identifier: LGPL-2.1-or-later
-- As update-posts.sql, of tags alone. ?1: a JSON array of arrays: id, packed tags in hex, their number;
-- ?2: now.
UPDATE posts
SET tags = decode (change ->> 1, 'hex'), tag_count = CAST (change ->> 2 AS bigint), updated_at = ?2
FROM json_array_elements (CAST (?1 AS json)) AS change
WHERE posts.id = CAST (change ->> 0 AS bigint)
