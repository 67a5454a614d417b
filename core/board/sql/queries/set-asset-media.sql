-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What decoding found (status 1: active). ?1: asset, ?2: md5, ?3: extension, ?4: width, ?5: height,
-- ?6: duration or NULL, ?7: frames, ?8: has sound, ?9: has a sample, ?10: has something
-- transparent, ?11: now. The media asset is that of the content, if there is one.
UPDATE upload_assets SET status = 1, md5 = ?2, ext = ?3, width = ?4, height = ?5, duration = ?6,
  frames = ?7, has_sound = ?8, has_sample = ?9, has_alpha = ?10,
  updated_at = ?11,
  media_asset_id = coalesce (
    (SELECT coalesce (media_asset_id, 2 * id) FROM posts WHERE md5 = ?2),
    (SELECT min (known.media_asset_id) FROM upload_assets AS known WHERE known.md5 = ?2),
    2 * id + 1)
WHERE id = ?1 AND status < 2
