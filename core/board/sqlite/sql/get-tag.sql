-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A tag by its number. ?1: id.
SELECT name, category, post_count FROM tags WHERE id = ?1
