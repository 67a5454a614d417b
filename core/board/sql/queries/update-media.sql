-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What was found in known content, if it differs from what is known: then the post's id. ?1: md5,
-- ?2: extension, ?3: size, ?4: width, ?5: height, ?6: duration or NULL, ?7: frames, ?8: has sound,
-- ?9: has a sample, ?10: perceptual hash, ?11: has something transparent, ?12: now.
UPDATE posts SET ext = ?2, size = ?3, width = ?4, height = ?5, duration = ?6, frames = ?7,
  has_sound = ?8, has_sample = ?9, phash = ?10, has_alpha = ?11, updated_at = ?12
WHERE md5 = ?1
  AND (ext, size, width, height, duration, frames, has_sound, has_sample, phash, has_alpha)
    IS DISTINCT FROM (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
RETURNING id
