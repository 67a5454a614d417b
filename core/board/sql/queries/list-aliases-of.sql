-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Aliases in force of which a name is the one or the other. ?1: names, a JSON array.
SELECT alias.id, alias.antecedent, consequent.name, alias.status, alias.reason, alias.creator_id,
  alias.updater_id, alias.created_at, alias.updated_at
FROM tag_aliases AS alias JOIN tags AS consequent ON consequent.id = alias.consequent_id
WHERE alias.status = 0
  AND (alias.antecedent IN (SELECT value FROM json_each (?1))
       OR consequent.id IN (SELECT id FROM tags WHERE name IN (SELECT value FROM json_each (?1))))
ORDER BY alias.id
