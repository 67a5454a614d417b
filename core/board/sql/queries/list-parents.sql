-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts that have a parent, and which one. ?1: from this id, ?2: up to before that one.
SELECT id, parent_id FROM posts
WHERE parent_id IS NOT NULL AND id >= ?1 AND id < ?2
ORDER BY id
