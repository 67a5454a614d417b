-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A new post of the owner (user 1); its id. ?1: md5, ?2: extension, ?3: size, ?4: width, ?5: height,
-- ?6: duration or NULL, ?7: frames, ?8: has sound, ?9: has a sample, ?10: perceptual hash, ?11: has
-- something transparent, ?12: now.
INSERT INTO posts (md5, ext, size, width, height, duration, frames, has_sound, has_sample, phash,
  has_alpha, created_at, updated_at, uploader_id, media_asset_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, 1,
  (SELECT min (media_asset_id) FROM upload_assets WHERE md5 = ?1))
RETURNING id
