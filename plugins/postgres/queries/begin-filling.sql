-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The triggers that count leave the rows of this transaction to count-filled-posts and
-- count-filled-files: they would update one row for each. No inputs.
SELECT set_config ('booru.filling', 'on', true)
