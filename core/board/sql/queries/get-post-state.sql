-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What users and imports change of a post. ?1: id.
SELECT status, rating, source, parent_id, tags FROM posts WHERE id = ?1
