-- SPDX-License-Identifier: LGPL-2.1-or-later
-- One that nobody used. ?1: id.
DELETE FROM invitations WHERE id = ?1 AND user_id IS NULL RETURNING id
