-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: hash of the token, ?2: creator, ?3: kind, ?4: target, ?5: password or NULL, ?6: now, ?7: expiry.
INSERT INTO share_links (token, creator_id, kind, target, password, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
RETURNING id
