-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How many posts are not active.
SELECT CAST (coalesce (sum (n), 0) AS BIGINT) FROM post_counts WHERE status <> 0
