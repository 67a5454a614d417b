-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: alias, ?2: BooruRelationStatus, ?3: who, ?4: now.
UPDATE tag_aliases SET status = ?2, updater_id = ?3, updated_at = ?4 WHERE id = ?1
