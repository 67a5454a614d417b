-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The last number that was given. ?1: table.
SELECT seq FROM sqlite_sequence WHERE name = ?1
