-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT true, CAST (-2 AS smallint), CAST (-3 AS integer), CAST (4 AS bigint), CAST (1.5 AS real),
  CAST (2.5 AS double precision), CAST ('é' AS varchar), CAST ('\x00ff' AS bytea), NULL, false
