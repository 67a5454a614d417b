-- SPDX-License-Identifier: LGPL-2.1-or-later
-- With their places. ?1: a pool.
SELECT post_id, position FROM pool_posts WHERE pool_id = ?1 ORDER BY post_id
