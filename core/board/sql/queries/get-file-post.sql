-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: file.
SELECT post_id FROM files WHERE id = ?1
