-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The newest posts that are to be compared. ?1: how many.
SELECT post_id FROM uncompared_posts ORDER BY post_id DESC LIMIT ?1
