-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How far apart pairs may be that were looked for.
SELECT max_distance FROM comparisons
