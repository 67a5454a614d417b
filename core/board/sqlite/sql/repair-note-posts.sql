-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts that the damaged database itself still had.
CREATE TEMP TABLE kept_posts AS SELECT id FROM posts
