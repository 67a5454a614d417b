-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: hash of the key.
SELECT id, user_id, name, access, routes, created_at, last_used_at
FROM api_keys WHERE token = ?1
