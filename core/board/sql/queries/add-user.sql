-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A new account; the first is user 1.
-- ?1: name, ?2: key, ?3: access, ?4: password or NULL, ?5: identity or NULL, ?6: now.
INSERT INTO users (id, name, name_key, access, password, identity, created_at, updated_at)
SELECT coalesce (max (id), 0) + 1, CAST (?1 AS TEXT), CAST (?2 AS TEXT), CAST (?3 AS BIGINT),
  CAST (?4 AS TEXT), CAST (?5 AS TEXT), CAST (?6 AS BIGINT), CAST (?6 AS BIGINT)
FROM users
RETURNING id
