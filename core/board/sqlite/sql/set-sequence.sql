-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: table, ?2: the last number that was given.
INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq)
SELECT (SELECT rowid FROM sqlite_sequence WHERE name = ?1), ?1,
  max (?2, coalesce ((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0))
