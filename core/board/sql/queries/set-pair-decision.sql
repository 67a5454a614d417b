-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What somebody decided. ?1: older post, ?2: newer post, ?3: BooruPairDecision, ?4: now.
UPDATE similar_pairs SET decision = ?3, decided_at = ?4 WHERE post_id = ?1 AND other_id = ?2
