-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Numbers that were given once are not given again. ?1: table, ?2: its last number.
UPDATE sqlite_sequence SET seq = max (seq, ?2) WHERE name = ?1
