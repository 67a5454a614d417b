-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Tags of given names, in any order (0 newest, 1 name, 2 date, 3 count, 4 oldest).
-- ?1: category or -1, ?2: 1 hides tags without posts, ?3: only ids below, ?4: only ids above,
-- ?5: limit, ?6: offset, ?7: the order, ?8: a LIKE that the names match too, or NULL, ?9 and ?10:
-- between which names what matches lies, ?11: the names, a JSON array.
SELECT id, name, category, post_count, created_at, updated_at, is_deprecated
FROM tags
WHERE name IN (SELECT value FROM json_each (?11))
  AND (CAST (?8 AS TEXT) IS NULL
    OR (name LIKE ?8 ESCAPE '\' AND name >= ?9 AND name <= ?10))
  AND (?1 < 0 OR category = ?1) AND (?2 = 0 OR post_count > 0) AND id < ?3 AND id > ?4
ORDER BY
  CASE WHEN ?7 = 4 THEN id END,
  CASE WHEN ?7 = 1 THEN name END,
  CASE WHEN ?7 = 3 THEN post_count END DESC,
  id DESC
LIMIT ?5 OFFSET ?6
