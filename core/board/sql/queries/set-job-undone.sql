-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: job, ?2: BooruJobState that it has now, ?3: the job that takes it back, or NULL.
UPDATE jobs SET state = ?2, undone_by = ?3 WHERE id = ?1
