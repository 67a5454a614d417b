-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: name of the antecedent, tag of the consequent, reason; ?2: who, ?3: now.
INSERT INTO tag_aliases (antecedent, consequent_id, reason, creator_id, updater_id, created_at,
  updated_at)
SELECT entry ->> 0, CAST (entry ->> 1 AS bigint), entry ->> 2, ?2, ?2, ?3, ?3
FROM json_array_elements (CAST (?1 AS json)) WITH ORDINALITY AS list (entry, n)
ORDER BY n
RETURNING id
