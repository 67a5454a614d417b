-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post.
SELECT id FROM files WHERE post_id = ?1 LIMIT 1
