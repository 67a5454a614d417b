-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A tag whose name is lost, if it is. ?1: id, ?2: now.
INSERT OR IGNORE INTO tags (id, name, category, created_at, updated_at)
VALUES (?1, 'lost_tag_' || ?1, 0, ?2, ?2)
RETURNING id
