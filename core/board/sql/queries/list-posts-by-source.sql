-- SPDX-License-Identifier: LGPL-2.1-or-later
-- LIKE ignores the case of ASCII letters in SQLite. ?1: a pattern.
SELECT id FROM posts WHERE source LIKE ?1 ESCAPE '\' ORDER BY id
