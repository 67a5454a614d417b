-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: status, ?3: now.
UPDATE posts SET status = ?2, updated_at = ?3 WHERE id = ?1
