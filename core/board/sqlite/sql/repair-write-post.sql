-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: tags, ?3: how many, ?4: status.
UPDATE posts SET tags = ?2, tag_count = ?3, status = ?4
WHERE id = ?1
