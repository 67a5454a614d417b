-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: ids as a JSON array.
SELECT id, name FROM users WHERE id IN (SELECT CAST (value AS BIGINT) FROM json_each (?1))
