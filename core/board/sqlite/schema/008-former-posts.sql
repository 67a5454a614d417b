-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 8: which post a file was, while it cannot be read: half-way through being written anew.
ALTER TABLE files ADD COLUMN former_post_id INTEGER REFERENCES posts (id);
