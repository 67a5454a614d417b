-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Puts a post into the search index. ?1: post, ?2: its tokens.
INSERT INTO post_index (rowid, tokens) VALUES (-?1, ?2)
