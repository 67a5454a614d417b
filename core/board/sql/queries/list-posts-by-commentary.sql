-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When the artists' commentaries on posts last changed.
SELECT post_id, updated_at FROM artist_commentaries ORDER BY post_id
