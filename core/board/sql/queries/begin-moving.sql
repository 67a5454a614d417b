-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A connection whose transactions are to wait for another database. No inputs.
SELECT 1
