-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: block.
SELECT hashes FROM phash_blocks WHERE block = ?1
