-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a post, ?2: how many favourites more.
UPDATE posts SET fav_count = fav_count + ?2 WHERE id = ?1
