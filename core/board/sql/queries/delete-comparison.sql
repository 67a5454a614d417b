-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Before put-comparison.
DELETE FROM comparisons
