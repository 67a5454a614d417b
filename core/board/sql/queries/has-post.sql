-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id.
SELECT 1 FROM posts WHERE id = ?1
