-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Columns that refer to rows of other tables.
SELECT s.name, f."from", f."table", f."to"
FROM sqlite_schema s, pragma_foreign_key_list (s.name) f
WHERE s.type = 'table'
