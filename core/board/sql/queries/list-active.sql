-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Which posts a search shows. ?1: ids, a JSON array.
SELECT id FROM posts
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1)) AND status = 0
ORDER BY id
