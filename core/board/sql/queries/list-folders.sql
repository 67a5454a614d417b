-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All folders, with their counts. No inputs.
SELECT id, path, kind, device, present, node,
  coalesce((SELECT n FROM file_counts WHERE folder_id = id AND outcome = 0), 0),
  coalesce((SELECT n FROM file_counts WHERE folder_id = id AND outcome = 1), 0),
  coalesce((SELECT n FROM file_counts WHERE folder_id = id AND outcome = 2), 0)
FROM folders
ORDER BY id
