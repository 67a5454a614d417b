-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id.
SELECT status, tags, EXISTS (SELECT 1 FROM files WHERE post_id = ?1)
FROM posts WHERE id = ?1
