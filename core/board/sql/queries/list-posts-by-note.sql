-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When the notes of posts last changed.
SELECT id, last_noted_at FROM posts WHERE last_noted_at IS NOT NULL ORDER BY id
