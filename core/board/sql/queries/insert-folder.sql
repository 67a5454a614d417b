-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A new folder, unless another process was quicker. ?1: path, ?2: kind.
INSERT INTO folders (path, kind) VALUES (?1, ?2) ON CONFLICT (path) DO NOTHING
