-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What is NULL stays. ?1: id, ?2: name, ?3: its key, ?4: access, ?5: 1 plus is deleted, ?6: password,
-- ?7: blacklisted tags, ?8: favourite tags, ?9: ratings, ?10: language, ?11: theme, ?12: time zone,
-- ?13: 1 plus per page, ?14: identity, ?15: now.
UPDATE users SET
  name = coalesce (?2, name), name_key = coalesce (?3, name_key), access = coalesce (?4, access),
  is_deleted = coalesce (CAST (?5 AS BIGINT) - 1, is_deleted), password = coalesce (?6, password),
  blacklisted_tags = coalesce (?7, blacklisted_tags), favorite_tags = coalesce (?8, favorite_tags),
  ratings = coalesce (?9, ratings), language = coalesce (?10, language), theme = coalesce (?11, theme),
  time_zone = coalesce (?12, time_zone), per_page = coalesce (CAST (?13 AS BIGINT) - 1, per_page),
  identity = coalesce (?14, identity), updated_at = ?15
WHERE id = ?1
RETURNING id
