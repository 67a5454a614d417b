-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Implications, the newest first. The values are those of list-aliases.sql.
SELECT implication.id, antecedent.name, consequent.name, implication.status, implication.reason,
  implication.creator_id, implication.updater_id, implication.created_at, implication.updated_at
FROM tag_implications AS implication
  JOIN tags AS antecedent ON antecedent.id = implication.antecedent_id
  JOIN tags AS consequent ON consequent.id = implication.consequent_id
WHERE (?1 = 0 OR implication.id = ?1) AND (?2 < 0 OR implication.status = ?2)
  AND (?3 = 0 OR implication.creator_id = ?3)
  AND (?4 IS NULL OR antecedent.name LIKE ?4 ESCAPE '\')
  AND (?5 IS NULL OR consequent.name LIKE ?5 ESCAPE '\')
  AND (?6 IS NULL OR antecedent.name LIKE ?6 ESCAPE '\' OR consequent.name LIKE ?6 ESCAPE '\')
  AND implication.id < ?7 AND implication.id > ?8
ORDER BY CASE WHEN ?9 = 1 THEN implication.id END, implication.id DESC
LIMIT ?10 OFFSET ?11
