-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: BooruJobKind, ?2: who, ?3: title, ?4: parameters, ?5: BooruJobState, ?6: how many posts or -1,
-- ?7: those, packed, or NULL, ?8: the job that it takes back or NULL, ?9: now, ?10: when it was over
-- or 0.
INSERT INTO jobs (kind, creator_id, title, params, state, total, posts, undo_of, created_at,
  started_at, finished_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
RETURNING id
