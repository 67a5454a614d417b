-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The posts of a tag count it under its new category. ?1: the tag's token in the index, ?2: the old
-- category, ?3: the new one (0 general, 1 artist, 3 copyright, 4 character, 5 meta).
UPDATE posts SET
  tag_count_general   = tag_count_general   - (?2 = 0) + (?3 = 0),
  tag_count_artist    = tag_count_artist    - (?2 = 1) + (?3 = 1),
  tag_count_copyright = tag_count_copyright - (?2 = 3) + (?3 = 3),
  tag_count_character = tag_count_character - (?2 = 4) + (?3 = 4),
  tag_count_meta      = tag_count_meta      - (?2 = 5) + (?3 = 5)
WHERE id IN (SELECT -rowid FROM post_index WHERE post_index MATCH ?1)
