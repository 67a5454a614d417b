-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: posts, a JSON array.
SELECT id FROM posts
WHERE parent_id IN (SELECT CAST (value AS bigint) FROM json_each (?1)) AND parent_id IS NOT NULL
