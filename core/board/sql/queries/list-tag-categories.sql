-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: first id, ?2: last id.
SELECT id, category FROM tags WHERE id BETWEEN ?1 AND ?2
