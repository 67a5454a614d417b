-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The number of the last write, and of the last one that changed aliases or implications.
SELECT generation, relations FROM board
