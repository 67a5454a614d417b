-- SPDX-License-Identifier: LGPL-2.1-or-later
-- One change, as list-versions.sql, but without its number. ?1: version.
SELECT id, post_id, updater_id, created_at, action, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note
FROM post_versions WHERE id = ?1
