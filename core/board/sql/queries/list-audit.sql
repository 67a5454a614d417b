-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Newest first. ?1: user or 0, ?2: only ids below, ?3: limit.
SELECT audit.id, user_id, coalesce (users.name, ''), action, target, details, address, audit.created_at
FROM audit LEFT JOIN users ON users.id = audit.user_id
WHERE (?1 = 0 OR user_id = ?1) AND audit.id < ?2
ORDER BY audit.id DESC
LIMIT ?3
