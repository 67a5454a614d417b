-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a note that was changed.
UPDATE notes SET version = version + 1 WHERE id = ?1
