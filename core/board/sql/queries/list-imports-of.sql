-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What was said of posts, as list-imports.sql, and post. ?1: posts, a JSON array.
SELECT origin, file_id, tags, added, refused, rating, source,
  CASE WHEN file_id = 0
            OR EXISTS (SELECT 1 FROM files
                       WHERE files.id = file_id AND files.post_id = post_imports.post_id)
    THEN 1 ELSE 0 END,
  post_id
FROM post_imports
WHERE post_id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
