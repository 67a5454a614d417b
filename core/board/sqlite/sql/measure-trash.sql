-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What emptying the trash would remove, and what it would leave: files of deleted posts in managed
-- folders (kind 1), their bytes, files elsewhere, and deleted posts without any file. No inputs.
SELECT ifnull (sum (kind = 1), 0), ifnull (sum ((kind = 1) * file.size), 0), ifnull (sum (kind <> 1), 0),
  (SELECT count(*) FROM post_index
   WHERE post_index MATCH 's1'
     AND NOT EXISTS (SELECT 1 FROM files WHERE post_id = -post_index.rowid))
FROM post_index JOIN files AS file ON file.post_id = -post_index.rowid
  JOIN folders AS folder ON folder.id = file.folder_id
WHERE post_index MATCH 's1'
