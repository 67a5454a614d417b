-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What follows can be undone without the rest of the transaction. No inputs.
SAVEPOINT attempt
