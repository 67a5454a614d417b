-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Pairs of a post that nobody has decided about. ?1: post.
DELETE FROM similar_pairs WHERE decision = 0 AND (post_id = ?1 OR other_id = ?1)
