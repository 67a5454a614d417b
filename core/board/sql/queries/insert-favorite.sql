-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a user, ?2: a post.
INSERT INTO favorites (user_id, post_id) VALUES (?1, ?2) RETURNING id
