-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a version, ?2: what the record is now, ?3: now.
UPDATE record_versions SET data = ?2, updated_at = ?3 WHERE id = ?1
