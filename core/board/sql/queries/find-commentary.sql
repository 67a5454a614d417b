-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a post.
SELECT id FROM artist_commentaries WHERE post_id = ?1
