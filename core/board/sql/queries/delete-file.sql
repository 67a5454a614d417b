-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: file.
DELETE FROM files WHERE id = ?1
