-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: its id, ?2: who asks.
SELECT id FROM favorite_groups WHERE id = ?1 AND (is_public = 1 OR creator_id = ?2)
