-- SPDX-License-Identifier: LGPL-2.1-or-later
-- But for those for the first account. No inputs.
SELECT id, access, coalesce (creator_id, 0), created_at, expires_at, coalesce (user_id, 0)
FROM invitations WHERE creator_id IS NOT NULL
ORDER BY id DESC LIMIT 100
