-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A post was compared. ?1: post.
DELETE FROM uncompared_posts WHERE post_id = ?1
