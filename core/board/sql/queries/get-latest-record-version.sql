-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The last version of a record. ?1: its kind, ?2: its id.
SELECT id, version, updater_id, created_at, json_extract (data, '$.appended'),
  json_extract (data, '$.added_post_ids')
FROM record_versions WHERE kind = ?1 AND record_id = ?2
ORDER BY version DESC LIMIT 1
