-- SPDX-License-Identifier: LGPL-2.1-or-later
-- No inputs.
INSERT INTO post_counts SELECT status, rating, count (*) FROM posts GROUP BY status, rating
