-- SPDX-License-Identifier: LGPL-2.1-or-later
-- From the post ?1 on; each row is of one post.
SELECT post_id, hashes, 1 FROM frame_hashes WHERE post_id >= ?1 ORDER BY post_id
