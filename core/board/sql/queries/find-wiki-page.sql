-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a title.
SELECT id FROM wiki_pages WHERE title = ?1
