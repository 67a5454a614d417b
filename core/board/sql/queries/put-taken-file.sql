-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Last of all, whether new or known: of these the first are forgotten. ?1: what a file was called in
-- the ingest folder, ?2: the file.
INSERT INTO taken_files (name, file_id) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET id = excluded.id, file_id = excluded.file_id
