-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a post.
SELECT width, height FROM posts WHERE id = ?1
