-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All folders. No inputs.
SELECT id, path, kind, device, present FROM folders ORDER BY id
