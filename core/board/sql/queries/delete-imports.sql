-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What an origin says of posts themselves. ?1: posts, a JSON array, ?2: origin.
DELETE FROM post_imports
WHERE origin = ?2 AND file_id = 0
  AND post_id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
