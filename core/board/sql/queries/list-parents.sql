-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Posts with parents. No inputs.
SELECT id, parent_id FROM posts WHERE parent_id IS NOT NULL ORDER BY id
