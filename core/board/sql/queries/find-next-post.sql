-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The first post from a number on. ?1: id.
SELECT id FROM posts WHERE id >= ?1 ORDER BY id LIMIT 1
