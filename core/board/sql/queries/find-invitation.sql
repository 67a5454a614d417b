-- SPDX-License-Identifier: LGPL-2.1-or-later
-- One that can be used. ?1: hash of the code, ?2: now.
SELECT id, access, coalesce (creator_id, 0), created_at, expires_at, coalesce (user_id, 0)
FROM invitations WHERE token = ?1 AND expires_at > ?2 AND user_id IS NULL
