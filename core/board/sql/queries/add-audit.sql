-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: user or 0, ?2: action, ?3: target, ?4: details, ?5: address, ?6: now.
INSERT INTO audit (user_id, action, target, details, address, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
