-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: its id, ?2: now.
UPDATE post_votes SET is_deleted = 1, updated_at = ?2 WHERE id = ?1
