-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A row if there is the folder: what lies at a path in it, and what lay there before it could not be
-- read. ?1: folder, ?2: path.
SELECT file.id, file.post_id, coalesce (file.post_id, file.former_post_id)
FROM folders AS folder LEFT JOIN files AS file ON file.folder_id = folder.id AND file.path = ?2
WHERE folder.id = ?1
