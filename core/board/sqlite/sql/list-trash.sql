-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Managed files of deleted posts, in order of their ids. ?1: only ids above, ?2: limit.
SELECT file.id, file.post_id, file.folder_id, file.path, file.size, file.mtime_ns, file.inode,
  file.device, file.failure
FROM post_index JOIN files AS file ON file.post_id = -post_index.rowid
  JOIN folders AS folder ON folder.id = file.folder_id
WHERE post_index MATCH 's1' AND folder.kind = 1 AND file.id > ?1
ORDER BY file.id
LIMIT ?2
