-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role, ?2: token, ?3: length, ?4: now, ?5: boot id. No row if the lease was lost.
UPDATE leases SET boot_id = ?5, expires_at = CAST (?4 AS BIGINT) + CAST (?3 AS BIGINT)
WHERE role = ?1 AND token = ?2 AND holder <> ''
RETURNING token
