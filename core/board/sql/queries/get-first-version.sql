-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The first change of a post, as get-version.sql. ?1: post.
SELECT id, post_id, updater_id, created_at, action, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note
FROM post_versions WHERE post_id = ?1 ORDER BY id LIMIT 1
