-- SPDX-License-Identifier: LGPL-2.1-or-later
-- How far apart pairs may be that were looked for; -1: nothing was compared yet.
SELECT coalesce (max (max_distance), -1) FROM comparisons
