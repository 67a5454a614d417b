-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: path.
SELECT id, path, kind, device, present, node FROM folders WHERE path = ?1
