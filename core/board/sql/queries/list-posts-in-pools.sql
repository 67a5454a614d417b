-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: pools, a JSON array.
SELECT DISTINCT post_id, 0 FROM pool_posts
WHERE pool_id IN (SELECT CAST (value AS bigint) FROM json_each (?1)) ORDER BY post_id
