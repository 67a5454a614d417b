-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Files that nobody made a post of (status 1 active, 3 failed). As get-asset.sql.
-- ?1: unchanged since, ?2: limit. The + is as in list-assets-to-do.sql.
SELECT id, upload_id, status, error, file_name, spool, size, md5, ext, width, height, duration, frames,
  has_sound, has_sample, has_alpha, wanted, tag_string, rating, source, parent_id, post_id,
  created_at, updated_at, media_asset_id
FROM upload_assets
WHERE spool IS NOT NULL AND (status = 3 OR (status = 1 AND wanted = 0)) AND updated_at < ?1
ORDER BY +id
LIMIT ?2
