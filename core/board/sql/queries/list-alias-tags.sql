-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The tags of the antecedents of aliases. ?1: aliases, a JSON array.
SELECT tags.id FROM tag_aliases AS alias JOIN tags ON tags.name = alias.antecedent
WHERE alias.id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
