-- SPDX-License-Identifier: LGPL-2.1-or-later
-- As insert-versions.sql, of edits that change tags alone: the rest is as in the posts. ?1: a JSON
-- array of arrays: post, packed tags in hex, before and after; ?2: editor, ?3: now, ?4: what the
-- changes come from, or NULL, ?5: job.
INSERT INTO post_versions (post_id, updater_id, created_at, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note,
  action, job_id)
SELECT post.id, ?2, ?3, unhex (json_extract (change.value, '$[1]')),
  unhex (json_extract (change.value, '$[2]')), rating, rating, source, source, parent_id, parent_id,
  ?4, 0, ?5
FROM json_each (?1) AS change CROSS JOIN posts AS post
WHERE post.id = json_extract (change.value, '$[0]')
