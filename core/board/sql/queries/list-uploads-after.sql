-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Oldest first. ?1: only ids above, ?2: limit, ?3: offset.
SELECT id, uploader_id, source, created_at FROM uploads WHERE id > ?1 ORDER BY id LIMIT ?2 OFFSET ?3
