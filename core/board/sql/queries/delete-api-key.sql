-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: its user.
DELETE FROM api_keys WHERE id = ?1 AND user_id = ?2 RETURNING id
