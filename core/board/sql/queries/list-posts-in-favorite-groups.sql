-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: whose groups.
SELECT DISTINCT post_id, 0 FROM favorite_group_posts
WHERE favorite_group_id IN (SELECT id FROM favorite_groups WHERE creator_id = ?1) ORDER BY post_id
