-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role, ?2: token, ?3: length; ?4 and ?5 are a clock that other hosts do not have. No row if the
-- lease was lost.
UPDATE leases SET expires_at = clock_us () + ?3
WHERE role = ?1 AND token = ?2 AND holder <> ''
RETURNING token
