-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: id, ?2: its creator; 0: whoever that is.
DELETE FROM share_links WHERE id = ?1 AND (?2 = 0 OR creator_id = ?2) RETURNING id
