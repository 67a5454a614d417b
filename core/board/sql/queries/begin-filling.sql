-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Before a database is filled from another, where triggers would be slow. No inputs.
SELECT 1
