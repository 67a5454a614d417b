-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The antecedents of implications. ?1: implications, a JSON array.
SELECT antecedent_id FROM tag_implications
WHERE id IN (SELECT CAST (value AS bigint) FROM json_each (?1))
