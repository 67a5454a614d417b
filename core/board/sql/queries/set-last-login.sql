-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: user, ?2: now.
UPDATE users SET last_logged_in_at = ?2 WHERE id = ?1
