-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Whether a user has changed a post's rating, and its source. ?1: post.
SELECT coalesce (max (CASE WHEN rating_before <> rating_after THEN 1 ELSE 0 END), 0),
  coalesce (max (CASE WHEN source_before <> source_after THEN 1 ELSE 0 END), 0)
FROM post_versions WHERE post_id = ?1 AND note IS NULL
