-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The number of the last write.
SELECT generation FROM board
