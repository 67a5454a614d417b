-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: its parent.
UPDATE posts SET parent_id = ?2 WHERE id = ?1
