-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Uploads from a database that was older than media assets.
UPDATE upload_assets
SET media_asset_id = coalesce (
  (SELECT ifnull (posts.media_asset_id, 2 * posts.id) FROM posts
   WHERE posts.md5 = upload_assets.md5),
  (SELECT max (known.media_asset_id) FROM upload_assets AS known
   WHERE known.md5 = upload_assets.md5),
  (SELECT 2 * min (first.id) + 1 FROM upload_assets AS first
   WHERE first.md5 = upload_assets.md5))
WHERE md5 IS NOT NULL AND media_asset_id IS NULL
