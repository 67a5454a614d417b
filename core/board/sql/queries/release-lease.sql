-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role, ?2: token. No row if the lease was lost.
UPDATE leases SET holder = '', boot_id = '', expires_at = 0
WHERE role = ?1 AND token = ?2 AND holder <> ''
RETURNING token
