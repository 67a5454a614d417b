-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How far apart pairs may be. ?1: distance.
INSERT INTO comparisons (max_distance) VALUES (?1)
