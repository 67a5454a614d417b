-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post.
SELECT hashes FROM frame_hashes WHERE post_id = ?1
