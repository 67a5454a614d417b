-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post.
SELECT parent_id FROM posts WHERE id = ?1
