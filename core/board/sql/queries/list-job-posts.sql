-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The posts that a job has changed. ?1: job.
SELECT DISTINCT post_id FROM post_versions WHERE job_id = ?1 ORDER BY post_id
