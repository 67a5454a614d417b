-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Tags by their numbers. ?1: ids, a JSON array.
SELECT id, name, category, post_count FROM tags
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
