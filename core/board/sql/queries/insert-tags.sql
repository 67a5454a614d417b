-- SPDX-License-Identifier: LGPL-2.1-or-later
-- New tags. ?1: normalised names, a JSON array, ?2: category, ?3: now.
INSERT INTO tags (name, category, created_at, updated_at)
SELECT value, ?2, ?3, ?3 FROM json_each (?1)
RETURNING id
