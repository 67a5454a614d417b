-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When posts were last commented on.
SELECT id, last_commented_at FROM posts WHERE last_commented_at IS NOT NULL ORDER BY id
