-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Whether a post is shown by a search. ?1: post.
SELECT EXISTS (SELECT 1 FROM posts WHERE id = ?1 AND status = 0)
