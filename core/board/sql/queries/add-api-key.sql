-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: user, ?2: hash of the key, ?3: name, ?4: access, ?5: routes, ?6: now.
INSERT INTO api_keys (user_id, token, name, access, routes, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
RETURNING id
