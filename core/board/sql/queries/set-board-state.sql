-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: BooruBoardState, ?2: where the board is now, or NULL.
UPDATE board SET state = ?1, moved_to = ?2 WHERE id = 1
