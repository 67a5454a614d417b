-- SPDX-License-Identifier: LGPL-2.1-or-later
-- 1 or 0. ?1: text.
SELECT is_json_object (?1)
