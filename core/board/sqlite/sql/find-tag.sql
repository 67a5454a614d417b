-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A tag by its name. ?1: normalised name.
SELECT id, category FROM tags WHERE name = ?1
