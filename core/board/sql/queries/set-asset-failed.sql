-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Status 3: failed. ?1: asset, ?2: why, ?3: now.
UPDATE upload_assets SET status = 3, error = ?2, wanted = 0, updated_at = ?3 WHERE id = ?1
