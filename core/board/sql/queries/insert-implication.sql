-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: antecedent, ?2: consequent, ?3: reason, ?4: who, ?5: now.
INSERT INTO tag_implications (antecedent_id, consequent_id, reason, creator_id, updater_id,
  created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?5)
RETURNING id
