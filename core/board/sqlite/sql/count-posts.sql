-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts of each status, from the table that triggers keep. No inputs.
SELECT status, total(n) FROM post_counts GROUP BY status
