-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A post that is new, and that no user has touched. ?1: post, ?2: since when.
SELECT 1 FROM posts
WHERE id = ?1 AND created_at > ?2
  AND NOT EXISTS (SELECT 1 FROM post_versions WHERE post_id = ?1 AND note IS NULL)
