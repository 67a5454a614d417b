-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The last number that was given. ?1: table.
SELECT last_value FROM pg_sequences
WHERE schemaname = current_schema () AND sequencename = CAST (?1 AS text) || '_id_seq'
