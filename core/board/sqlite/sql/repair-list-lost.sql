-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Files of posts that are lost, the first one of each post first.
SELECT f.post_id, d.path, f.path, f.size, f.mtime_ns
FROM files f JOIN folders d ON d.id = f.folder_id
WHERE f.post_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.id = f.post_id)
ORDER BY f.post_id, f.id
