-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts that lost the media assets of their uploads.
UPDATE posts SET media_asset_id = known.media_asset_id
FROM upload_assets AS known
WHERE known.md5 = posts.md5 AND posts.media_asset_id IS NULL
  AND known.media_asset_id <> 2 * posts.id
