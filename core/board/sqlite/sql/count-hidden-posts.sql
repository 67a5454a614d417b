-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How many posts are not active.
SELECT total (n) FROM post_counts WHERE status <> 0
