-- SPDX-License-Identifier: LGPL-2.1-or-later
-- With their places. ?1: a favourite group.
SELECT post_id, position FROM favorite_group_posts WHERE favorite_group_id = ?1 ORDER BY post_id
