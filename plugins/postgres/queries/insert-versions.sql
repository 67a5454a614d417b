-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: post, packed tags in hex, before and after, rating before and after,
-- source before and after, parent or null before and after, what was done, a BooruPostAction; ?2:
-- editor, ?3: now, ?4: what the changes come from, or NULL, ?5: job.
INSERT INTO post_versions (post_id, updater_id, created_at, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note,
  action, job_id)
SELECT CAST (entry ->> 0 AS bigint), ?2, ?3, decode (entry ->> 1, 'hex'), decode (entry ->> 2, 'hex'),
  entry ->> 3, entry ->> 4, entry ->> 5, entry ->> 6, CAST (entry ->> 7 AS bigint),
  CAST (entry ->> 8 AS bigint), ?4, CAST (entry ->> 9 AS bigint), ?5
FROM json_array_elements (CAST (?1 AS json)) WITH ORDINALITY AS list (entry, n)
ORDER BY n
