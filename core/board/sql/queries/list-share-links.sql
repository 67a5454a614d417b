-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: creator; 0: of everybody.
SELECT id, creator_id, kind, target, password, created_at, expires_at
FROM share_links WHERE ?1 = 0 OR creator_id = ?1
ORDER BY id DESC LIMIT 200
