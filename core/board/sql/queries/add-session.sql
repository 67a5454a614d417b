-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: user, ?2: hash of the token, ?3: now, ?4: expiry, ?5: address, ?6: agent.
INSERT INTO sessions (user_id, token, created_at, last_used_at, expires_at, address, agent)
VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6)
RETURNING id
