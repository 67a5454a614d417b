-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Ends a reading transaction. No inputs.
COMMIT
