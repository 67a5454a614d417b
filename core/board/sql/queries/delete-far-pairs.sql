-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Open pairs that are farther apart than is asked for now. ?1: distance.
DELETE FROM similar_pairs WHERE decision = 0 AND distance > ?1
