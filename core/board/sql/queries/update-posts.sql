-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What a job changes of posts. ?1: a JSON array of arrays: id, packed tags in hex, their number,
-- rating, source, parent or null; ?2: now.
UPDATE posts
SET tags = unhex (json_extract (change.value, '$[1]')),
  tag_count = json_extract (change.value, '$[2]'),
  rating = json_extract (change.value, '$[3]'),
  source = json_extract (change.value, '$[4]'),
  parent_id = json_extract (change.value, '$[5]'),
  updated_at = ?2
FROM json_each (?1) AS change
WHERE posts.id = json_extract (change.value, '$[0]')
