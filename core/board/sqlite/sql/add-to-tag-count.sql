-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: tag, ?2: how many posts more have it.
UPDATE tags SET post_count = post_count + ?2 WHERE id = ?1
