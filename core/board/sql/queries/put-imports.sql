-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: post, and packed tags in hex: what the origin says, what it has added,
-- what was taken away from it; ?2: origin.
INSERT INTO post_imports (post_id, origin, file_id, tags, added, refused)
SELECT json_extract (value, '$[0]'), ?2, 0, unhex (json_extract (value, '$[1]')),
  unhex (json_extract (value, '$[2]')), unhex (json_extract (value, '$[3]'))
FROM json_each (?1)
WHERE TRUE
ON CONFLICT (post_id, origin, file_id) DO UPDATE SET
  tags = excluded.tags, added = excluded.added, refused = excluded.refused
