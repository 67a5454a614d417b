-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A file by its number. ?1: file.
SELECT id, post_id, folder_id, path, size, mtime_ns, inode, device, failure
FROM files
WHERE id = ?1
