-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Whether the database is to be used. No inputs.
SELECT state, moved_to FROM board
