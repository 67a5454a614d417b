-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: upload.
SELECT id, uploader_id, source, created_at FROM uploads WHERE id = ?1
