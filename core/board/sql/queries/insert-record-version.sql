-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: kind, ?2: the record's id, ?3: number of the version, ?4: who made it, ?5: the post that the
-- record belongs to or NULL, ?6: now, ?7: what the record is now, a JSON object.
INSERT INTO record_versions
  (kind, record_id, version, updater_id, post_id, created_at, updated_at, data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
