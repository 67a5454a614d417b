-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Tags, oldest first.
-- ?1: category or -1, ?2: 1 hides tags without posts, ?3: only ids below, ?4: only ids above,
-- ?5: limit, ?6: offset.
SELECT id, name, category, post_count, created_at, updated_at, is_deprecated
FROM tags
WHERE (?1 < 0 OR category = ?1) AND (?2 = 0 OR post_count > 0) AND id < ?3 AND id > ?4
ORDER BY id
LIMIT ?5 OFFSET ?6
