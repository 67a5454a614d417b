-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: what it was called in the ingest folder.
SELECT files.id, post_id, folder_id, path, size, mtime_ns, inode, device, failure
FROM taken_files JOIN files ON files.id = taken_files.file_id
WHERE name = ?1
