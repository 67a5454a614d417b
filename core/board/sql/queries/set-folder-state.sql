-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The folder's id, if there is one. ?1: folder, ?2: whether it is there, ?3: its device, ?4: the machine
-- that saw it, which counts if it is there.
UPDATE folders SET present = ?2, device = ?3,
  node = CASE WHEN ?2 <> 0 THEN ?4 ELSE node END
WHERE id = ?1 RETURNING id
