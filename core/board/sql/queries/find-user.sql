-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: key of the name.
SELECT id, name, access, is_deleted, CASE WHEN coalesce (password, '') = '' THEN 0 ELSE 1 END,
  blacklisted_tags, favorite_tags, ratings,
  language, theme, time_zone, per_page, created_at, updated_at, last_logged_in_at,
  password
FROM users WHERE name_key = ?1
