-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a user, ?2: a post.
SELECT id FROM favorites WHERE user_id = ?1 AND post_id = ?2
