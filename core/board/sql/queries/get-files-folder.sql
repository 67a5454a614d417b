-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Which files folder the board has, and which of its folders the originals are. No inputs.
SELECT files_id, files_folder FROM board
