-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A post is to be compared. ?1: post.
INSERT INTO uncompared_posts (post_id) VALUES (?1) ON CONFLICT (post_id) DO NOTHING
