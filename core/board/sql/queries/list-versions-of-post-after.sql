-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Changes of one post, oldest first.
-- ?1: post or 0, ?2: who or 0, ?3: version or 0, ?4: only ids below, ?5: only ids above, ?6: limit,
-- ?7: offset.
SELECT id, post_id, updater_id, created_at, action, tags_before, tags_after,
  rating_before, rating_after, source_before, source_after, parent_before, parent_after, note,
  1 + (SELECT count(*) FROM post_versions AS other
       WHERE other.post_id = version.post_id AND other.id <= version.id)
FROM post_versions AS version
WHERE post_id = ?1 AND (?2 = 0 OR updater_id = ?2) AND (?3 = 0 OR id = ?3) AND id < ?4 AND id > ?5
ORDER BY id
LIMIT ?6 OFFSET ?7
