-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Managed files (kind 1) of deleted posts (status 1), in order of their ids. ?1: only ids above,
-- ?2: limit. "status <> 0" is what SQLite knows the index posts_by_status by.
SELECT file.id, file.post_id, file.folder_id, file.path, file.size, file.mtime_ns, file.inode,
  file.device, file.failure
FROM posts AS post JOIN files AS file ON file.post_id = post.id
  JOIN folders AS folder ON folder.id = file.folder_id
WHERE post.status = 1 AND post.status <> 0 AND folder.kind = 1 AND file.id > ?1
ORDER BY file.id
LIMIT ?2
