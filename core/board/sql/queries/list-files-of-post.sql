-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Where a post's content lies, best place first. ?1: post.
SELECT file.id, post_id, folder_id, file.path, size, mtime_ns, inode, file.device, failure
FROM files AS file JOIN folders AS folder ON folder.id = folder_id
WHERE post_id = ?1
ORDER BY folder.present DESC, file.id
