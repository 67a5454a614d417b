-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The token grows at each take-over. ?1: role, ?2: holder, ?3: length, ?4: now, ?5: boot id.
INSERT INTO leases (role, holder, token, boot_id, expires_at)
VALUES (?1, ?2, 1, ?5, CAST (?4 AS BIGINT) + CAST (?3 AS BIGINT))
ON CONFLICT (role) DO UPDATE SET
  holder = excluded.holder, token = leases.token + 1,
  boot_id = excluded.boot_id, expires_at = excluded.expires_at
RETURNING token
