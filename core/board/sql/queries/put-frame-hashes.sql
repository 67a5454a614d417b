-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: its hashes.
INSERT INTO frame_hashes (post_id, hashes) VALUES (?1, ?2)
ON CONFLICT (post_id) DO UPDATE SET hashes = excluded.hashes
