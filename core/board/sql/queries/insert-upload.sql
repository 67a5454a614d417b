-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Its id. ?1: uploader, ?2: source, ?3: now.
INSERT INTO uploads (uploader_id, source, created_at) VALUES (?1, ?2, ?3) RETURNING id
