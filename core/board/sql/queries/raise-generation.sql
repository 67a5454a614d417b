-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The first statement of each write: the write lock, the number of its changes, and that of the last
-- write that changed aliases or implications. No row: the board was moved to another database
-- (state 2).
UPDATE board SET generation = generation + 1 WHERE id = 1 AND state <> 2 RETURNING generation, relations
