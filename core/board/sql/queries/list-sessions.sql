-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Those of a user, the one used last first. ?1: user, ?2: now.
SELECT id, user_id, created_at, last_used_at, expires_at, address, agent
FROM sessions WHERE user_id = ?1 AND expires_at > ?2
ORDER BY last_used_at DESC, id DESC
