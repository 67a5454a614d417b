-- SPDX-License-Identifier: LGPL-2.1-or-later
-- 1 or 0. ?1: text.
SELECT CASE WHEN json_valid (?1) THEN json_type (?1) = 'object' ELSE 0 END
