-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: now, ?3: expiry, ?4: address.
UPDATE sessions SET last_used_at = ?2, expires_at = ?3, address = ?4 WHERE id = ?1
