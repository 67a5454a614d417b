-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: post, ?2: origin, ?3: file or 0.
DELETE FROM post_imports WHERE post_id = ?1 AND origin = ?2 AND file_id = ?3
