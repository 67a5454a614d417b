-- SPDX-License-Identifier: LGPL-2.1-or-later
-- No inputs.
INSERT INTO file_counts
SELECT folder_id, file_outcome (post_id, failure) AS outcome, count (*) FROM files
GROUP BY folder_id, file_outcome (post_id, failure)
