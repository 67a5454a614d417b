-- SPDX-License-Identifier: LGPL-2.1-or-later
-- From the block ?1 on.
SELECT block, hashes FROM phash_blocks WHERE block >= ?1 ORDER BY block
