-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What a job is about; NULL: not settled yet. ?1: job.
SELECT posts FROM jobs WHERE id = ?1
