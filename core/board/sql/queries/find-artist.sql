-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a name.
SELECT id FROM artists WHERE name = ?1
