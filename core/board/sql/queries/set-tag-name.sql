-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: tag, ?2: its new name, ?3: now.
UPDATE tags SET name = ?2, updated_at = ?3 WHERE id = ?1
