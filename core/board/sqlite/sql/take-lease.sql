-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role, ?2: holder, ?3: boot id, ?4: when it expires.
INSERT INTO leases (role, holder, token, boot_id, expires_at) VALUES (?1, ?2, 1, ?3, ?4)
  ON CONFLICT (role) DO UPDATE SET
    holder = excluded.holder, token = token + 1,
    boot_id = excluded.boot_id, expires_at = excluded.expires_at
