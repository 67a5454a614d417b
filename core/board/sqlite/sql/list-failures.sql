-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What could not be read, newest first. ?1: limit.
SELECT id, post_id, folder_id, path, size, mtime_ns, inode, device, failure
FROM files
WHERE failure IS NOT NULL
ORDER BY failed_at DESC
LIMIT ?1
