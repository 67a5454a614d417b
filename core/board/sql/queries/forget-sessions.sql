-- SPDX-License-Identifier: LGPL-2.1-or-later
-- That expired. ?1: now.
DELETE FROM sessions WHERE expires_at <= ?1
