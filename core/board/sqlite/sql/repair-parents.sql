-- SPDX-License-Identifier: LGPL-2.1-or-later
UPDATE posts SET parent_id = NULL
WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM posts)
