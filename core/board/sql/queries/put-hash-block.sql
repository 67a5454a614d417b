-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: block, ?2: its hashes.
INSERT INTO phash_blocks (block, hashes) VALUES (?1, ?2)
ON CONFLICT (block) DO UPDATE SET hashes = excluded.hashes
