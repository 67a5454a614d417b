-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: block, ?2: its hashes.
INSERT OR REPLACE INTO phash_blocks (block, hashes) VALUES (?1, ?2)
