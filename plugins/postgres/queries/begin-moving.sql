-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A connection whose transactions are to wait for another database. No inputs.
SELECT set_config ('idle_in_transaction_session_timeout', '0', false)
