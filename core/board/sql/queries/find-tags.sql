-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Tags by their names; last: whether the category is still the one that it was made with.
-- ?1: normalised names, a JSON array.
SELECT id, name, category, CASE WHEN updated_at = created_at THEN 1 ELSE 0 END
FROM tags
WHERE name IN (SELECT value FROM json_each (?1))
