-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: table, ?2: the last number that was given.
SELECT setval (pg_get_serial_sequence (CAST (?1 AS text), 'id'), CAST (?2 AS bigint))
