-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What lies at a path now, whatever was there before; if it is no post, what it was is kept. The
-- file's id. ?1: folder, ?2: path, ?3: size, ?4: mtime in ns, ?5: inode, ?6: device, ?7: post or
-- NULL, ?8: failure or NULL, ?9: now if it is a failure.
INSERT INTO files (folder_id, path, size, mtime_ns, inode, device, post_id, failure, failed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (folder_id, path) DO UPDATE SET
  former_post_id = CASE WHEN excluded.post_id IS NULL
                     THEN coalesce (files.post_id, files.former_post_id) END,
  size = excluded.size, mtime_ns = excluded.mtime_ns, inode = excluded.inode,
  device = excluded.device, post_id = excluded.post_id, failure = excluded.failure,
  failed_at = excluded.failed_at
RETURNING id
