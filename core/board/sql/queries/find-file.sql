-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: folder, ?2: path.
SELECT id, post_id, folder_id, path, size, mtime_ns, inode, device, failure
FROM files
WHERE folder_id = ?1 AND path = ?2
