-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: which files folder the board has, ?2: which of its folders the originals there are.
UPDATE board SET files_id = ?1, files_folder = ?2 WHERE id = 1
