-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: antecedent, consequent, reason; ?2: who, ?3: now. What two names say of
-- the same tags counts once.
INSERT INTO tag_implications (antecedent_id, consequent_id, reason, creator_id, updater_id,
  created_at, updated_at)
SELECT CAST (entry ->> 0 AS bigint), CAST (entry ->> 1 AS bigint), entry ->> 2, ?2, ?2, ?3, ?3
FROM json_array_elements (CAST (?1 AS json)) WITH ORDINALITY AS list (entry, n)
ORDER BY n
ON CONFLICT DO NOTHING
RETURNING id
