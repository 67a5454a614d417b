-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The posts whose files say something of themselves. ?1: its name, ?2: what it is, or NULL: anything.
SELECT DISTINCT post_id FROM media_metadata, json_each (metadata) AS said
WHERE instr (metadata, '"' || ?1 || '":') > 0
  AND said.key = ?1
  AND (?2 IS NULL OR ?2 = CASE said.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
                                         ELSE CAST (said.value AS text) END)
ORDER BY post_id
