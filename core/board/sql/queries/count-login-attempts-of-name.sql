-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: key of the name, ?2: since when.
SELECT count(*) FROM login_attempts WHERE created_at > ?2 AND name_key = ?1
