-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What could not be read in folders that are there, newest first. ?1: folder, 0: all; ?2: a file or directory, NULL: all;
-- ?3: that and a slash; ?4: what sorts behind all in that directory; ?5: limit; ?6: offset.
-- The + keeps SQLite from any index but that of failures.
SELECT id, post_id, folder_id, path, size, mtime_ns, inode, device, failure, failed_at
FROM files
WHERE failure IS NOT NULL AND (folder_id = ?1 OR ?1 = 0)
  AND +folder_id IN (SELECT id FROM folders WHERE present <> 0)
  AND (path = ?2 OR (path > ?3 AND path < ?4) OR ?2 IS NULL)
ORDER BY failed_at DESC, id DESC
LIMIT ?5 OFFSET ?6
