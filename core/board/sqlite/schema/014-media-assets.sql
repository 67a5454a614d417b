-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 14: ids of media assets. A content has one, whether it is met as an upload or as a post:
-- 2 * id + 1 of its first row in upload_assets, if that was decoded before there was a post of it,
-- otherwise 2 * id of the post. NULL in upload_assets: the content is not known; in posts: 2 * id.
ALTER TABLE posts ADD COLUMN media_asset_id INTEGER;
ALTER TABLE upload_assets ADD COLUMN media_asset_id INTEGER;
CREATE INDEX posts_by_media_asset ON posts (media_asset_id) WHERE media_asset_id IS NOT NULL;
CREATE INDEX upload_assets_by_md5 ON upload_assets (md5) WHERE md5 IS NOT NULL;
UPDATE upload_assets
SET media_asset_id = ifnull (
  (SELECT 2 * posts.id FROM posts WHERE posts.md5 = upload_assets.md5),
  (SELECT 2 * min (first.id) + 1 FROM upload_assets AS first WHERE first.md5 = upload_assets.md5))
WHERE md5 IS NOT NULL;
