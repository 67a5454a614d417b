-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 7: what a change of a post was.
ALTER TABLE post_versions ADD COLUMN action INTEGER NOT NULL DEFAULT 0; -- BooruPostAction
