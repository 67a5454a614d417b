-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: an artist, ?2: the address, ?3: as it is compared, ?4: whether it is still in use, ?5: now.
INSERT INTO artist_urls (artist_id, url, compared, is_active, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5)
ON CONFLICT (artist_id, url) DO UPDATE SET is_active = excluded.is_active, updated_at = ?5
  WHERE artist_urls.is_active <> excluded.is_active
