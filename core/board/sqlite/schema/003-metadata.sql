-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 3: what the file of a post says of itself.
--
-- Apart from posts, whose rows are read for each page: these can be long.
CREATE TABLE media_metadata (
  post_id  INTEGER PRIMARY KEY REFERENCES posts (id),
  metadata TEXT NOT NULL -- a JSON object, not an empty one
) STRICT;
