-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The vote of a user that counts. ?1: a comment, ?2: the user.
SELECT id, score FROM comment_votes WHERE comment_id = ?1 AND user_id = ?2 AND is_deleted = 0
