-- SPDX-License-Identifier: LGPL-2.1-or-later
-- From the block ?1 on, with how many posts each is of.
SELECT block, hashes, 500 FROM phash_blocks WHERE block >= ?1 ORDER BY block
