-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The files of a folder in order of their paths' bytes. ?1: folder, ?2: a path that sorts before
-- the first, ?3: one that sorts after the last.
SELECT id, post_id, folder_id, path, size, mtime_ns, inode, device, failure
FROM files
WHERE folder_id = ?1 AND path > ?2 AND path < ?3
ORDER BY path
