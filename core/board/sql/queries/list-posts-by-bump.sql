-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When posts were last commented on by a comment that counts.
SELECT id, last_comment_bumped_at FROM posts
WHERE last_commented_at IS NOT NULL AND last_comment_bumped_at IS NOT NULL ORDER BY id
