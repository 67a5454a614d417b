-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Administrators that may sign in, but for one. ?1: access, ?2: the one.
SELECT count(*) FROM users WHERE access = ?1 AND is_deleted = 0 AND id <> ?2
