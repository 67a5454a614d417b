-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: antecedent, consequent, reason; ?2: who, ?3: now. What two names say of
-- the same tags counts once.
INSERT INTO tag_implications (antecedent_id, consequent_id, reason, creator_id, updater_id,
  created_at, updated_at)
SELECT json_extract (value, '$[0]'), json_extract (value, '$[1]'), json_extract (value, '$[2]'),
  ?2, ?2, ?3, ?3
FROM json_each (?1)
WHERE TRUE
ON CONFLICT DO NOTHING
RETURNING id
