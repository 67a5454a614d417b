-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 16: whether the database is to be used, or the board is in another.
ALTER TABLE board ADD COLUMN state INTEGER NOT NULL DEFAULT 0; -- BooruBoardState
ALTER TABLE board ADD COLUMN moved_to TEXT;
