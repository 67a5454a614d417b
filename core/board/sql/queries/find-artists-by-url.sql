-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Artists with an address that matches a pattern. ?1: a LIKE, ?2: how many at most.
SELECT DISTINCT artist_id FROM artist_urls WHERE compared LIKE ?1 ESCAPE '\'
ORDER BY artist_id LIMIT ?2
