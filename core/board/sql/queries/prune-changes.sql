-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Forgets the beginning of the log of changes: up to the first one since ?1, but never the newest.
-- What was made after ?2, now, was made when the clock was wrong.
DELETE FROM changes
WHERE generation < coalesce (
  (SELECT min (generation) FROM changes WHERE created_at >= ?1 AND created_at <= ?2),
  (SELECT max (generation) FROM changes))
