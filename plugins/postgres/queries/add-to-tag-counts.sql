-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Returns the tags, and how many posts have them now. ?1: JSON, tag -> how many posts more have it.
UPDATE tags SET post_count = post_count + CAST (change.value AS bigint)
FROM json_each_text (CAST (?1 AS json)) AS change
WHERE tags.id = CAST (change.key AS bigint)
RETURNING tags.id, tags.post_count
