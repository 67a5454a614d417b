-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The number of the last write, and of the last one that changed aliases or implications; when the last
-- recorded change was made.
SELECT generation, relations,
  coalesce((SELECT created_at FROM changes ORDER BY generation DESC, kind DESC LIMIT 1), 0)
FROM board
