-- SPDX-License-Identifier: LGPL-2.1-or-later
-- As get-asset.sql, the newest upload first. ?1: the first upload, ?2: the last.
SELECT id, upload_id, status, error, file_name, spool, size, md5, ext, width, height, duration, frames,
  has_sound, has_sample, has_alpha, wanted, tag_string, rating, source, parent_id, post_id,
  created_at, updated_at, media_asset_id
FROM upload_assets
WHERE upload_id BETWEEN ?1 AND ?2
ORDER BY upload_id DESC, id
