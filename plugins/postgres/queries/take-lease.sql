-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The token grows at each take-over. ?1: role, ?2: holder, ?3: length; ?4 and ?5 are a clock that
-- other hosts do not have.
INSERT INTO leases (role, holder, token, boot_id, expires_at)
VALUES (?1, ?2, 1, '', clock_us () + ?3)
ON CONFLICT (role) DO UPDATE SET
  holder = excluded.holder, token = leases.token + 1, boot_id = '',
  expires_at = excluded.expires_at
RETURNING token
