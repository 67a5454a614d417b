-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Whether there is a post of a content, or an uploaded file that could be one (status 1: active).
-- ?1: md5.
SELECT EXISTS (SELECT 1 FROM posts WHERE md5 = ?1)
  OR EXISTS (SELECT 1 FROM upload_assets WHERE spool IS NOT NULL AND status = 1 AND md5 = ?1)
