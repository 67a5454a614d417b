-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: asset, ?2: tags or NULL, ?3: rating or NULL, ?4: source or NULL, ?5: parent or NULL, ?6: now.
UPDATE upload_assets SET wanted = 1, tag_string = ?2, rating = ?3, source = ?4, parent_id = ?5,
  updated_at = ?6
WHERE id = ?1
