-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: who used it.
UPDATE invitations SET user_id = ?2 WHERE id = ?1
