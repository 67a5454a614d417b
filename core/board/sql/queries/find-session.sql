-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: hash of the token, ?2: now.
SELECT id, user_id, created_at, last_used_at, expires_at, address, agent
FROM sessions WHERE token = ?1 AND expires_at > ?2
