-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the search index knows of tags. ?1: first id, ?2: last id.
SELECT id, name, category, post_count FROM tags WHERE id BETWEEN ?1 AND ?2 ORDER BY id
