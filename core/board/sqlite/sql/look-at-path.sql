-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What lies at a path, and what lay there before it could not be read. ?1: folder, ?2: path.
SELECT id, post_id, ifnull (post_id, former_post_id) FROM files WHERE folder_id = ?1 AND path = ?2
