-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A post and its children. ?1: post.
SELECT id FROM posts WHERE id = ?1 OR parent_id = ?1 ORDER BY id
