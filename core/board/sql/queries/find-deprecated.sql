-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A tag that is deprecated, if there is one. ?1: tags, a JSON array.
SELECT name FROM tags
WHERE is_deprecated <> 0 AND id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
ORDER BY name LIMIT 1
