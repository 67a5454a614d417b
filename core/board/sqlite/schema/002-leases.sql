-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 2: leases, for several hosts on one store.
--
-- A row is never deleted, so that tokens only grow.
CREATE TABLE leases (
  role       TEXT PRIMARY KEY,
  holder     TEXT NOT NULL,    -- for people; empty: released
  token      INTEGER NOT NULL, -- one more at each take-over
  boot_id    TEXT NOT NULL,    -- of the boot that expires_at belongs to
  expires_at INTEGER NOT NULL  -- CLOCK_BOOTTIME, microseconds
) STRICT, WITHOUT ROWID;
