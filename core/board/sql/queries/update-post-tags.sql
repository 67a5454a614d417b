-- SPDX-License-Identifier: LGPL-2.1-or-later
-- As update-posts.sql, of tags alone. ?1: a JSON array of arrays: id, packed tags in hex, their number;
-- ?2: now.
UPDATE posts
SET tags = unhex (json_extract (change.value, '$[1]')),
  tag_count = json_extract (change.value, '$[2]'),
  updated_at = ?2
FROM json_each (?1) AS change
WHERE posts.id = json_extract (change.value, '$[0]')
