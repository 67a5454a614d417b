-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The same file by another name. ?1: inode, ?2: device, ?3: size, ?4: mtime in ns. A post's file
-- rather than a failure.
SELECT id, post_id, folder_id, path, size, mtime_ns, inode, device, failure
FROM files
WHERE inode = ?1 AND device = ?2 AND size = ?3 AND mtime_ns = ?4
ORDER BY post_id IS NULL, id
LIMIT 1
