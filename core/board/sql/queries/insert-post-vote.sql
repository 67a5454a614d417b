-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a post, ?2: the user, ?3: 1 or -1, ?4: now.
INSERT INTO post_votes (post_id, user_id, score, created_at, updated_at, is_deleted)
VALUES (?1, ?2, ?3, ?4, ?4, 0) RETURNING id
