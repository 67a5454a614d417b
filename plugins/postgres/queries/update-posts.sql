-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: id, packed tags in hex, their number, rating, source, parent or null;
-- ?2: now.
UPDATE posts
SET tags = decode (change ->> 1, 'hex'),
  tag_count = CAST (change ->> 2 AS bigint),
  rating = change ->> 3,
  source = change ->> 4,
  parent_id = CAST (change ->> 5 AS bigint),
  updated_at = ?2
FROM json_array_elements (CAST (?1 AS json)) AS change
WHERE posts.id = CAST (change ->> 0 AS bigint)
