-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All posts that have hashes are to be compared.
INSERT INTO uncompared_posts (post_id)
SELECT id FROM posts WHERE phash <> 0
UNION
SELECT post_id FROM frame_hashes WHERE TRUE
ON CONFLICT (post_id) DO NOTHING
