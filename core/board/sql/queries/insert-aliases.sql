-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a JSON array of arrays: name of the antecedent, tag of the consequent, reason; ?2: who, ?3: now.
INSERT INTO tag_aliases (antecedent, consequent_id, reason, creator_id, updater_id, created_at,
  updated_at)
SELECT json_extract (value, '$[0]'), json_extract (value, '$[1]'), json_extract (value, '$[2]'),
  ?2, ?2, ?3, ?3
FROM json_each (?1)
WHERE TRUE
RETURNING id
