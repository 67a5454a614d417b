-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Holder, token, microseconds left by the database's clock; 0: it has expired or was released.
-- ?1: role; ?2 and ?3 are a clock that other hosts do not have.
SELECT holder, token, greatest (expires_at - clock_us (), 0) FROM leases WHERE role = ?1
