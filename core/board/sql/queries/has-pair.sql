-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: older post, ?2: newer post.
SELECT 1 FROM similar_pairs WHERE post_id = ?1 AND other_id = ?2
