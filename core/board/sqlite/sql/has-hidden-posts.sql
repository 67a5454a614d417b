-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Whether any post is not active.
SELECT EXISTS (SELECT 1 FROM post_counts WHERE status <> 0 AND n > 0)
