-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What people changed of posts, as list-versions-of-job.sql. ?1: only later than this version, ?2:
-- posts, a JSON array.
SELECT post_id, action, tags_before, tags_after, rating_before, rating_after, source_before,
  source_after, parent_before, parent_after, updater_id
FROM post_versions
WHERE id > ?1 AND job_id IS NULL AND note IS NULL
  AND post_id IN (SELECT CAST (value AS bigint) FROM json_each (?2))
ORDER BY id
