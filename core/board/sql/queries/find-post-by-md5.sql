-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: md5, 16 bytes.
SELECT id FROM posts WHERE md5 = ?1
