-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a comment, ?2: what to add to the score. ?3 and ?4 are those of a post.
UPDATE comments SET score = score + ?2 + 0 * (?3 + ?4) WHERE id = ?1
