-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The posts whose files say something of themselves. ?1: its name, ?2: what it is, or NULL: anything.
SELECT DISTINCT post_id FROM media_metadata, pg_catalog.json_each_text (metadata::json) AS said (key, value)
WHERE strpos (metadata, '"' || ?1 || '":') > 0 AND said.key = ?1 AND (?2 IS NULL OR ?2 = said.value)
ORDER BY post_id
