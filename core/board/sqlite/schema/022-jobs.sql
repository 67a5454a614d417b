-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 22: jobs, and which of them changed a post.
CREATE TABLE jobs (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        INTEGER NOT NULL,           -- BooruJobKind
  creator_id  INTEGER NOT NULL,
  title       TEXT NOT NULL,              -- for people
  params      TEXT NOT NULL,              -- a JSON object
  state       INTEGER NOT NULL DEFAULT 0, -- BooruJobState
  total       INTEGER NOT NULL DEFAULT -1,
  done        INTEGER NOT NULL DEFAULT 0, -- of posts, how many were looked at …
  changed     INTEGER NOT NULL DEFAULT 0, -- … and changed
  posts       BLOB,                       -- packed as posts.tags; NULL: not settled yet
  since       INTEGER NOT NULL DEFAULT 0, -- the newest of post_versions when it began
  error       TEXT,
  created_at  INTEGER NOT NULL,
  started_at  INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER NOT NULL DEFAULT 0,
  undo_of     INTEGER REFERENCES jobs (id),
  undone_by   INTEGER REFERENCES jobs (id)
) STRICT;
CREATE INDEX jobs_to_do ON jobs (id) WHERE state < 2;

ALTER TABLE post_versions ADD COLUMN job_id INTEGER;
CREATE INDEX post_versions_by_job ON post_versions (job_id, post_id) WHERE job_id IS NOT NULL;
