-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: an artist, ?2: the addresses that it keeps, a JSON array.
DELETE FROM artist_urls
WHERE artist_id = ?1 AND url NOT IN (SELECT value FROM json_each (?2))
