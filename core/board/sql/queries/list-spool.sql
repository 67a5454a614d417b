-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The names of all files that are in the spool. No inputs.
SELECT spool FROM upload_assets WHERE spool IS NOT NULL
