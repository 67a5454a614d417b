-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The folder's id, if there is one. ?1: folder, ?2: whether it is there, ?3: its device.
UPDATE folders SET present = ?2, device = ?3 WHERE id = ?1 RETURNING id
