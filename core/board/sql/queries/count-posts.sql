-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts of each status.
SELECT status, CAST (sum (n) AS BIGINT) FROM post_counts GROUP BY status
