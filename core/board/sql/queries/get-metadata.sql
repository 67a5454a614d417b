-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the file of a post says of itself. ?1: post.
SELECT metadata FROM media_metadata WHERE post_id = ?1
