-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What emptying the trash would remove, and what it would leave: files of deleted posts (status 1) in
-- managed folders (kind 1), their bytes, files elsewhere, and deleted posts without any file. No
-- inputs. "status <> 0" as in list-trash.sql.
SELECT count (file.id) FILTER (WHERE folder.kind = 1),
  coalesce (CAST (sum (file.size) FILTER (WHERE folder.kind = 1) AS bigint), 0),
  count (file.id) FILTER (WHERE folder.kind <> 1),
  count (*) FILTER (WHERE file.id IS NULL)
FROM posts AS post LEFT JOIN files AS file ON file.post_id = post.id
  LEFT JOIN folders AS folder ON folder.id = file.folder_id
WHERE post.status = 1 AND post.status <> 0
