-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a post, ?2: what to add to the score, ?3: of that, from votes for it, ?4: from votes against.
UPDATE posts SET score = score + ?2, up_score = up_score + ?3, down_score = down_score + ?4
WHERE id = ?1
