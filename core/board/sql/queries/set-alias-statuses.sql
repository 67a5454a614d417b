-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: aliases, a JSON array, ?2: BooruRelationStatus, ?3: who, ?4: now.
UPDATE tag_aliases SET status = ?2, updater_id = ?3, updated_at = ?4
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
