-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A post of which nothing is left but its file. ?1: id, ?2: md5, ?3: extension, ?4: size, ?5: now.
INSERT OR IGNORE INTO posts (id, md5, ext, size, width, height, created_at, updated_at, uploader_id)
VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?5, 1)
RETURNING id
