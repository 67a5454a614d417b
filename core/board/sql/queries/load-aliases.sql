-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The aliases that are in force: the tag of the antecedent or 0, its name, the tag that it stands
-- for, and the name of that.
SELECT coalesce (antecedent.id, 0), alias.antecedent, consequent.id, consequent.name
FROM tag_aliases AS alias
  JOIN tags AS consequent ON consequent.id = alias.consequent_id
  LEFT JOIN tags AS antecedent ON antecedent.name = alias.antecedent
WHERE alias.status = 0
ORDER BY alias.id
