-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: hash of the code, ?2: access, ?3: creator; 0: for the first account, ?4: now, ?5: expiry.
INSERT INTO invitations (token, access, creator_id, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5)
RETURNING id
