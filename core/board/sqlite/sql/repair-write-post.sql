-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: tags, ?3: how many, ?4 to ?8: of each category, ?9: status.
UPDATE posts SET tags = ?2, tag_count = ?3, tag_count_general = ?4, tag_count_artist = ?5,
  tag_count_copyright = ?6, tag_count_character = ?7, tag_count_meta = ?8,
  status = ?9
WHERE id = ?1
