-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The post's id, if there was any. ?1: post.
DELETE FROM media_metadata WHERE post_id = ?1 RETURNING post_id
