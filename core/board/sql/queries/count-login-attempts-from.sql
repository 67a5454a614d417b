-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: address, ?2: since when.
SELECT count(*) FROM login_attempts WHERE created_at > ?2 AND address = ?1
