-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Its file is not in the spool any more; one that was no post has expired (status 4), unless
-- a post of it is wanted. Its id, if that was done. ?1: asset, ?2: now.
UPDATE upload_assets SET spool = NULL, status = CASE WHEN status IN (1, 3) THEN 4 ELSE status END,
  updated_at = ?2
WHERE id = ?1 AND (status = 2 OR wanted = 0)
RETURNING id
