-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: job, ?2: how many posts, ?3: those, packed, ?4: now. No row: it is not waiting any more.
UPDATE jobs
SET state = 1, total = ?2, posts = ?3, started_at = ?4,
  since = (SELECT coalesce (max (id), 0) FROM post_versions)
WHERE id = ?1 AND state = 0
RETURNING id
