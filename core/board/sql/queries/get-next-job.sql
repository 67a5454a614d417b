-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The oldest job that is not over.
SELECT id, kind, creator_id, title, params, state, done, since, undo_of FROM jobs
WHERE state < 2 ORDER BY id LIMIT 1
