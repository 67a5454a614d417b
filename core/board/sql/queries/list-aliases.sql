-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Aliases, the newest first. ?1: id or 0, ?2: BooruRelationStatus or -1, ?3: creator or 0, ?4, ?5:
-- what LIKE matches the antecedent, the consequent, or NULL, ?6: likewise one of the two, ?7: only
-- ids below, ?8: only ids above, ?9: 1: the oldest first, ?10: limit, ?11: offset.
SELECT alias.id, alias.antecedent, consequent.name, alias.status, alias.reason, alias.creator_id,
  alias.updater_id, alias.created_at, alias.updated_at
FROM tag_aliases AS alias JOIN tags AS consequent ON consequent.id = alias.consequent_id
WHERE (?1 = 0 OR alias.id = ?1) AND (?2 < 0 OR alias.status = ?2)
  AND (?3 = 0 OR alias.creator_id = ?3)
  AND (?4 IS NULL OR alias.antecedent LIKE ?4 ESCAPE '\')
  AND (?5 IS NULL OR consequent.name LIKE ?5 ESCAPE '\')
  AND (?6 IS NULL OR alias.antecedent LIKE ?6 ESCAPE '\' OR consequent.name LIKE ?6 ESCAPE '\')
  AND alias.id < ?7 AND alias.id > ?8
ORDER BY CASE WHEN ?9 = 1 THEN alias.id END, alias.id DESC
LIMIT ?10 OFFSET ?11
