-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post.
SELECT id FROM posts WHERE parent_id = ?1
