-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All since begin-attempt, which may have spoiled the transaction. No inputs.
ROLLBACK TO SAVEPOINT attempt
