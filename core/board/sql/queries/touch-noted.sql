-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When a post's notes last changed; NULL if it has none. ?1: the post, ?2: now.
UPDATE posts
SET last_noted_at = CASE
  WHEN EXISTS (SELECT 1 FROM notes WHERE post_id = ?1 AND is_active = 1) THEN ?2 END
WHERE id = ?1
