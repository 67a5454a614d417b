-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A pair that looks alike; what was decided about it stays. ?1: older post, ?2: newer post,
-- ?3: distance.
INSERT INTO similar_pairs (post_id, other_id, distance) VALUES (?1, ?2, ?3)
ON CONFLICT (post_id, other_id) DO UPDATE SET distance = excluded.distance
