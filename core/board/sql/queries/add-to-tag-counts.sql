-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Returns the tags, and how many posts have them now. ?1: JSON, tag -> how many posts more have it.
UPDATE tags SET post_count = post_count + change.value
FROM json_each (?1) AS change
WHERE tags.id = CAST (change.key AS BIGINT)
RETURNING id, post_count
