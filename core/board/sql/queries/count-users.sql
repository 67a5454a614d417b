-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All that ever were. No inputs.
SELECT count(*) FROM users
