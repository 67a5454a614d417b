-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 12: what files that came by the ingest folder were called there, so that a sidecar that
-- comes later finds its picture. Only of the newest.
CREATE TABLE taken_files (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  name    BLOB NOT NULL UNIQUE, -- path below the ingest folder
  file_id INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX taken_files_by_file ON taken_files (file_id);
