-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What a write changed. ?1: its generation, ?2: BooruChangeKind, ?3: first id, ?4: last id, ?5: the
-- ids, packed; NULL: all from the first to the last, ?6: now.
INSERT INTO changes (generation, kind, first_id, last_id, ids, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
