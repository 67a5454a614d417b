-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: tag.
SELECT name, category, post_count, created_at, updated_at, is_deprecated FROM tags WHERE id = ?1
