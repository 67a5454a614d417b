-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: posts, a JSON array, ?2: BooruPostStatus, ?3: now.
UPDATE posts SET status = ?2, updated_at = ?3
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
