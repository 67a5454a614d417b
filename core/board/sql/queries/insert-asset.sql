-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Its id. ?1: upload, ?2: name of the file, ?3: its name in the spool, ?4: bytes, ?5: now.
INSERT INTO upload_assets (upload_id, file_name, spool, size, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5)
RETURNING id
