-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 13: what is:incomplete looks for. In text, quotes would have
-- backslashes before them.
CREATE INDEX media_metadata_incomplete ON media_metadata (post_id)
  WHERE instr(metadata, '"File:Incomplete":') > 0;
