-- SPDX-License-Identifier: LGPL-2.1-or-later
-- This write changes aliases or implications.
UPDATE board SET relations = generation WHERE id = 1
