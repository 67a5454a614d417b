-- SPDX-License-Identifier: LGPL-2.1-or-later
INSERT INTO folders (path, kind) VALUES (?1, 0) RETURNING id
