-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A tag by its name; last: whether its category is still the one that it was made with.
-- ?1: normalised name.
SELECT id, category, updated_at = created_at FROM tags WHERE name = ?1
