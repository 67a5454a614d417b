-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 19: which files folder the board has, if one was set, and which of its folders the originals
-- there are, wherever a machine has mounted it. Which machine saw a folder last.
ALTER TABLE board ADD COLUMN files_id TEXT;
ALTER TABLE board ADD COLUMN files_folder INTEGER;
ALTER TABLE folders ADD COLUMN node TEXT NOT NULL DEFAULT '';
