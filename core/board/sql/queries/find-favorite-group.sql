-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: whose, ?2: its name, in any case of its ASCII letters.
SELECT id FROM favorite_groups WHERE creator_id = ?1 AND lower (name) = lower (?2)
