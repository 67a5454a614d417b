-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 6: pairs of posts that look alike.

-- post_id is the older one. What was decided stays; what is open goes with the hash that it came of.
CREATE TABLE similar_pairs (
  post_id    INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  other_id   INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  distance   INTEGER NOT NULL,
  decision   INTEGER NOT NULL DEFAULT 0, -- BooruPairDecision
  decided_at INTEGER,
  PRIMARY KEY (post_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX similar_pairs_by_other ON similar_pairs (other_id);
CREATE INDEX similar_pairs_open ON similar_pairs (distance, other_id DESC, post_id DESC)
  WHERE decision = 0;

-- Posts whose hashes are to be compared with those of all others.
CREATE TABLE uncompared_posts (
  post_id INTEGER PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE
) STRICT;

-- One row: how far apart pairs may be that were looked for. None: nothing was compared yet.
CREATE TABLE comparisons (
  max_distance INTEGER NOT NULL
) STRICT;
