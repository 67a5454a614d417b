-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 18: aliases and implications of tags. A row is never deleted: what was removed is history.
CREATE TABLE tag_aliases (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  antecedent    TEXT NOT NULL,              -- a normalised name; there may be a tag of it
  consequent_id INTEGER NOT NULL REFERENCES tags (id),
  status        INTEGER NOT NULL DEFAULT 0, -- BooruRelationStatus
  reason        TEXT NOT NULL DEFAULT '',
  creator_id    INTEGER NOT NULL,
  updater_id    INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tag_aliases_in_force ON tag_aliases (antecedent) WHERE status = 0;
CREATE INDEX tag_aliases_by_consequent ON tag_aliases (consequent_id);

CREATE TABLE tag_implications (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  antecedent_id INTEGER NOT NULL REFERENCES tags (id),
  consequent_id INTEGER NOT NULL REFERENCES tags (id),
  status        INTEGER NOT NULL DEFAULT 0, -- BooruRelationStatus
  reason        TEXT NOT NULL DEFAULT '',
  creator_id    INTEGER NOT NULL,
  updater_id    INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tag_implications_in_force ON tag_implications (antecedent_id, consequent_id)
  WHERE status = 0;
CREATE INDEX tag_implications_by_consequent ON tag_implications (consequent_id);

-- The generation that changed them last.
ALTER TABLE board ADD COLUMN relations INTEGER NOT NULL DEFAULT 0;
