-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 4: which files folder the board has, if one was set, and which of its folders the originals
-- there are, wherever a machine has mounted it. Which machine saw a folder last.
ALTER TABLE board ADD COLUMN files_id text;
ALTER TABLE board ADD COLUMN files_folder bigint;
ALTER TABLE folders ADD COLUMN node text NOT NULL DEFAULT '';
