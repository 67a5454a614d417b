-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When the last change up to a generation was made. ?1: generation.
SELECT created_at FROM changes
WHERE generation <= ?1
ORDER BY generation DESC, kind DESC
LIMIT 1
