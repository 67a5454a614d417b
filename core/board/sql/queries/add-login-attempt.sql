-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: key of the name, ?2: address, ?3: now.
INSERT INTO login_attempts (name_key, address, created_at) VALUES (?1, ?2, ?3)
