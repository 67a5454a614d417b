-- SPDX-License-Identifier: LGPL-2.1-or-later
-- As schema/014-media-assets.sql numbers them. ?1: media asset.
SELECT id FROM posts WHERE media_asset_id = ?1
UNION ALL
SELECT id FROM posts WHERE ?1 % 2 = 0 AND id = ?1 / 2 AND media_asset_id IS NULL
LIMIT 1
