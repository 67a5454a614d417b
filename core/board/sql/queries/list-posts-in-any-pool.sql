-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT DISTINCT post_id, 0 FROM pool_posts ORDER BY post_id
