-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts as a page shows them, in the order of their ids; one that is asked for twice comes twice.
-- ?1: ids, a JSON array.
-- What nobody looked at is taken for transparent if its format can be.
-- Before the last three comes the lowest status of its children: 0 says that one is active, NULL
-- that it has none.
SELECT post.id, md5, ext, size, width, height, duration, frames, has_sound, has_sample, phash,
  coalesce (has_alpha,
    CASE WHEN ext IN ('png', 'gif', 'webp', 'avif', 'heic', 'jxl', 'tiff', 'svg', 'bmp')
      THEN 1 ELSE 0 END),
  status, rating, source, parent_id, uploader_id, approver_id,
  score, up_score, down_score, fav_count, created_at, updated_at, tags,
  coalesce (media_asset_id, 2 * post.id),
  (SELECT min (child.status) FROM posts AS child WHERE child.parent_id = post.id),
  last_noted_at, last_commented_at, last_comment_bumped_at
FROM json_each (?1) AS wanted CROSS JOIN posts AS post
WHERE post.id = CAST (wanted.value AS bigint)
ORDER BY wanted.key
