-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: post, packed tags in hex, before and after, rating before and after,
-- source before and after, parent or null before and after, what was done, a BooruPostAction; ?2:
-- editor, ?3: now, ?4: what the changes come from, or NULL, ?5: job.
INSERT INTO post_versions (post_id, updater_id, created_at, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note,
  action, job_id)
SELECT json_extract (value, '$[0]'), ?2, ?3, unhex (json_extract (value, '$[1]')),
  unhex (json_extract (value, '$[2]')), json_extract (value, '$[3]'), json_extract (value, '$[4]'),
  json_extract (value, '$[5]'), json_extract (value, '$[6]'), json_extract (value, '$[7]'),
  json_extract (value, '$[8]'), ?4, json_extract (value, '$[9]'), ?5
FROM json_each (?1)
