-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What the triggers left out. No inputs.
SELECT 1
