-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What an edit changes. ?1: id, ?2: packed tags, ?3: their number, ?4: rating, ?5: source,
-- ?6: parent or NULL, ?7: now.
UPDATE posts SET tags = ?2, tag_count = ?3, rating = ?4, source = ?5, parent_id = ?6, updated_at = ?7
WHERE id = ?1
