-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role.
SELECT holder, token, boot_id, expires_at FROM leases WHERE role = ?1
