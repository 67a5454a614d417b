-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Of begin-attempt, also after undo-attempt. No inputs.
RELEASE SAVEPOINT attempt
