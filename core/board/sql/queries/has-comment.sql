-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: an id.
SELECT id FROM comments WHERE id = ?1
