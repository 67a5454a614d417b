-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What was said of a post; last: whether the file is still there. ?1: post.
SELECT origin, file_id, tags, added, refused, rating, source,
  CASE WHEN file_id = 0 OR EXISTS (SELECT 1 FROM files WHERE files.id = file_id AND files.post_id = ?1)
    THEN 1 ELSE 0 END
FROM post_imports WHERE post_id = ?1
