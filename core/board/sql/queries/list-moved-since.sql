-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts that were deleted or restored after a job did so. ?1: job, ?2: posts, a JSON array.
SELECT DISTINCT later.post_id
FROM post_versions AS mine
  JOIN post_versions AS later ON later.post_id = mine.post_id AND later.id > mine.id
WHERE mine.job_id = ?1 AND mine.post_id IN (SELECT CAST (value AS bigint) FROM json_each (?2))
  AND later.action IN (1, 2)
