-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post.
DELETE FROM media_metadata WHERE post_id = ?1
