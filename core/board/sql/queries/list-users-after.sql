-- SPDX-License-Identifier: LGPL-2.1-or-later
-- By number, oldest first. Inputs as those of list-users.
SELECT id, name, access, is_deleted, CASE WHEN coalesce (password, '') = '' THEN 0 ELSE 1 END,
  blacklisted_tags, favorite_tags, ratings,
  language, theme, time_zone, per_page, created_at, updated_at, last_logged_in_at
FROM users
WHERE (?1 IS NULL OR lower (name) LIKE ?1 ESCAPE '\') AND (?2 = 0 OR access = ?2)
  AND (?3 IS NULL OR id IN (SELECT CAST (value AS BIGINT) FROM json_each (?3)))
  AND (?4 = 1 OR is_deleted = 0) AND id < ?5 AND id > ?6
ORDER BY id
LIMIT ?7 OFFSET ?8
