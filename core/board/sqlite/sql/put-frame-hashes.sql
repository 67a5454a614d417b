-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: its hashes.
INSERT OR REPLACE INTO frame_hashes (post_id, hashes) VALUES (?1, ?2)
