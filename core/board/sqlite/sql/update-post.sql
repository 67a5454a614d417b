-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What an edit changes. ?1: id, ?2: packed tags, ?3: their number, ?4 to ?8: of those general,
-- artist, copyright, character, meta, ?9: rating, ?10: source, ?11: parent or NULL, ?12: now.
UPDATE posts SET
  tags = ?2, tag_count = ?3, tag_count_general = ?4, tag_count_artist = ?5,
  tag_count_copyright = ?6, tag_count_character = ?7, tag_count_meta = ?8,
  rating = ?9, source = ?10, parent_id = ?11, updated_at = ?12
WHERE id = ?1
