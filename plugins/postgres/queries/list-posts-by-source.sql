-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Ignores the case of ASCII letters, as the collation is C. ?1: a pattern.
SELECT id FROM posts WHERE source ILIKE ?1 ESCAPE '\' ORDER BY id
