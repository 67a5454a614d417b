-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What a job was to take back, and did not, can be taken back by another. ?1: job.
UPDATE jobs SET undone_by = NULL WHERE undone_by = ?1 AND state <> 5
