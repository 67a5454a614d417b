-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What users and imports change of posts, as get-post-state.sql, and id. ?1: ids, a JSON array.
SELECT status, rating, source, parent_id, tags, id FROM posts
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
ORDER BY id
