-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Jobs, the newest first. ?1: id or 0, ?2: BooruJobKind or -1, ?3: BooruJobState or -1, ?4: who or 0,
-- ?5: only ids below, ?6: only ids above, ?7: 1: the oldest first, ?8: limit, ?9: offset.
SELECT id, kind, creator_id, title, params, state, total, done, changed, error, created_at, started_at,
  finished_at, undo_of, undone_by
FROM jobs
WHERE (?1 = 0 OR id = ?1) AND (?2 < 0 OR kind = ?2) AND (?3 < 0 OR state = ?3)
  AND (?4 = 0 OR creator_id = ?4) AND id < ?5 AND id > ?6
ORDER BY CASE WHEN ?7 = 1 THEN id END, id DESC
LIMIT ?8 OFFSET ?9
