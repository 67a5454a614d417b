-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Those of a user. ?1: user.
SELECT id, user_id, name, access, routes, created_at, last_used_at
FROM api_keys WHERE user_id = ?1
ORDER BY id
