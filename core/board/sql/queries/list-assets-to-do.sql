-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the monitor has to look at (status 0 pending, 1 active, 2 posted): what is new, what is wanted
-- as a post, and files of posts that a crash left in the spool. As get-asset.sql. ?1: limit.
-- The + keeps SQLite from going through all that ever was uploaded.
SELECT id, upload_id, status, error, file_name, spool, size, md5, ext, width, height, duration, frames,
  has_sound, has_sample, has_alpha, wanted, tag_string, rating, source, parent_id, post_id,
  created_at, updated_at, media_asset_id
FROM upload_assets
WHERE spool IS NOT NULL AND (status = 0 OR status = 2 OR (status = 1 AND wanted = 1))
ORDER BY +id
LIMIT ?1
