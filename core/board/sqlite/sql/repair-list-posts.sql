-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT id FROM posts ORDER BY id
