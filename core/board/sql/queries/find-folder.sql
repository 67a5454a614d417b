-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: path.
SELECT id, path, kind, device, present FROM folders WHERE path = ?1
