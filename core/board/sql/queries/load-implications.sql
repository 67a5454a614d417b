-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The implications that are in force: antecedent and its name, consequent and its name.
SELECT antecedent.id, antecedent.name, consequent.id, consequent.name
FROM tag_implications AS implication
  JOIN tags AS antecedent ON antecedent.id = implication.antecedent_id
  JOIN tags AS consequent ON consequent.id = implication.consequent_id
WHERE implication.status = 0
ORDER BY implication.id
