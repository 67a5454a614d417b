-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: editor, ?3: now, ?4, ?5: packed tags before and after, ?6, ?7: rating before and
-- after, ?8, ?9: source before and after, ?10, ?11: parent or NULL before and after, ?12: what an
-- import came from, or NULL, ?13: what was done, a BooruPostAction.
INSERT INTO post_versions (post_id, updater_id, created_at, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note,
  action)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
