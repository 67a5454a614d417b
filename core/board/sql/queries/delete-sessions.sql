-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Those of a user but for one. ?1: user, ?2: the one, or 0.
DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2
