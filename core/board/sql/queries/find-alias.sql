-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The alias in force of a name. ?1: the name.
SELECT id FROM tag_aliases WHERE antecedent = ?1 AND status = 0
