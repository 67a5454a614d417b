-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What a job changed of posts: post, action, and before and after: tags, rating, source, parent.
-- ?1: job, ?2: posts, a JSON array.
SELECT post_id, action, tags_before, tags_after, rating_before, rating_after, source_before,
  source_after, parent_before, parent_after, updater_id
FROM post_versions
WHERE job_id = ?1 AND post_id IN (SELECT CAST (value AS bigint) FROM json_each (?2))
ORDER BY id
