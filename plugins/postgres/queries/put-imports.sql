-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: post, and packed tags in hex: what the origin says, what it has added,
-- what was taken away from it; ?2: origin.
INSERT INTO post_imports (post_id, origin, file_id, tags, added, refused)
SELECT CAST (entry ->> 0 AS bigint), ?2, 0, decode (entry ->> 1, 'hex'), decode (entry ->> 2, 'hex'),
  decode (entry ->> 3, 'hex')
FROM json_array_elements (CAST (?1 AS json)) AS list (entry)
ON CONFLICT (post_id, origin, file_id) DO UPDATE SET
  tags = excluded.tags, added = excluded.added, refused = excluded.refused
