-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What was changed since a generation. ids: packed; NULL: all from first_id to last_id.
-- ?1: generation, ?2: BooruChangeKind; below 0: all.
SELECT generation, first_id, last_id, kind, ids FROM changes
WHERE generation > ?1 AND (kind = ?2 OR ?2 < 0)
ORDER BY generation
