-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: job, ?2: how many posts it has looked at, ?3: how many more it has changed, ?4: BooruJobState,
-- ?5: when it was over or 0. No row: it does not run any more.
UPDATE jobs SET done = ?2, changed = changed + ?3, state = ?4, finished_at = ?5
WHERE id = ?1 AND state = 1
RETURNING id
