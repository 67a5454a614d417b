-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Implications in force of which a name is the one or the other. ?1: names, a JSON array.
SELECT implication.id, antecedent.name, consequent.name, implication.status, implication.reason,
  implication.creator_id, implication.updater_id, implication.created_at, implication.updated_at
FROM tag_implications AS implication
  JOIN tags AS antecedent ON antecedent.id = implication.antecedent_id
  JOIN tags AS consequent ON consequent.id = implication.consequent_id
WHERE implication.status = 0
  AND (antecedent.name IN (SELECT value FROM json_each (?1))
       OR consequent.name IN (SELECT value FROM json_each (?1)))
ORDER BY implication.id
