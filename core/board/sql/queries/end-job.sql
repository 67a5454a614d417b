-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Ends a job before its time. ?1: job, ?2: BooruJobState, ?3: why it failed or NULL, ?4: now. No row:
-- it is over.
UPDATE jobs SET state = ?2, error = ?3, finished_at = ?4 WHERE id = ?1 AND state < 2 RETURNING id
