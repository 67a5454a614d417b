-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: hash of the token, ?2: now.
SELECT id, creator_id, kind, target, password, created_at, expires_at
FROM share_links WHERE token = ?1 AND (expires_at = 0 OR expires_at > ?2)
