-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Takes a post out of the search index. ?1: post, ?2: the tokens that it was put in with.
INSERT INTO post_index (post_index, rowid, tokens) VALUES ('delete', -?1, ?2)
