-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: what a file was called in the ingest folder; ?2: folder and ?3: path that it has now.
INSERT OR REPLACE INTO taken_files (name, file_id)
SELECT ?1, id FROM files WHERE folder_id = ?2 AND path = ?3
