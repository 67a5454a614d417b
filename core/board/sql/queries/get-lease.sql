-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Holder, token, microseconds left; 0: it has expired or was released. ?1: role, ?2: now,
-- ?3: boot id.
SELECT holder, token,
  CASE WHEN boot_id = ?3 AND expires_at > ?2 THEN expires_at - ?2 ELSE 0 END
FROM leases
WHERE role = ?1
