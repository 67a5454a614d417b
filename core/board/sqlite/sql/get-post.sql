-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A post as a page shows it. ?1: id.
-- What nobody looked at is taken for transparent if its format can be.
-- Last comes the lowest status of its children: 0 says that one is active, NULL that it has none.
SELECT md5, ext, size, width, height, duration, frames, has_sound, has_sample, phash,
  ifnull(has_alpha, ext IN ('png', 'gif', 'webp', 'avif', 'heic', 'jxl', 'tiff', 'svg', 'bmp')),
  status, rating, source, parent_id, uploader_id, approver_id,
  score, up_score, down_score, fav_count, created_at, updated_at, tags,
  ifnull (media_asset_id, 2 * id),
  (SELECT min (child.status) FROM posts AS child WHERE child.parent_id = post.id)
FROM posts AS post
WHERE id = ?1
