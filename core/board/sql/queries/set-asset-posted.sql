-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Its content is that of a post (status 2: posted). ?1: asset, ?2: post, ?3: now,
-- ?4: what became of the wish, or NULL.
UPDATE upload_assets SET status = 2, post_id = ?2, wanted = 0, updated_at = ?3, error = ?4,
  (md5, ext, width, height, duration, frames, has_sound, has_sample, has_alpha,
   media_asset_id) =
    (SELECT md5, ext, width, height, duration, frames, has_sound, has_sample, has_alpha,
       coalesce (media_asset_id, 2 * id)
     FROM posts WHERE posts.id = ?2)
WHERE upload_assets.id = ?1
