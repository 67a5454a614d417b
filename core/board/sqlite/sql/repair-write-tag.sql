-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: how many posts have it.
UPDATE tags SET post_count = ?2 WHERE id = ?1
