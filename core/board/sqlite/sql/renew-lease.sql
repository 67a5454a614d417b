-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role, ?2: token, ?3: boot id, ?4: when it expires. Changes no row if the lease was lost.
UPDATE leases SET boot_id = ?3, expires_at = ?4 WHERE role = ?1 AND token = ?2 AND holder <> ''
