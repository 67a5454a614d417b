-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What was changed since a generation. ids: packed; NULL: all from first_id to last_id.
-- ?1: generation, ?2: BooruChangeKind.
SELECT generation, first_id, last_id, ids FROM changes
WHERE generation > ?1 AND kind = ?2
ORDER BY generation
