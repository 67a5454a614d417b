-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a normalised name.
SELECT id FROM tags WHERE name = ?1
