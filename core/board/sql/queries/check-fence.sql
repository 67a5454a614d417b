-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: role, ?2: token. A row if the lease was neither lost nor released. One that has expired, but
-- that nobody has taken, still counts: within a transaction nobody can.
SELECT 1 FROM leases WHERE role = ?1 AND token = ?2 AND holder <> ''
