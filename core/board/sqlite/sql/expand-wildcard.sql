-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The tags in use that match a pattern, the most used first. ?1: the pattern, a GLOB, ?2: limit.
SELECT id FROM tags WHERE name GLOB ?1 AND post_count > 0 ORDER BY post_count DESC, id LIMIT ?2
