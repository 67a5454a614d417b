-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: its id.
DELETE FROM favorites WHERE id = ?1
