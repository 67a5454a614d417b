-- SPDX-License-Identifier: LGPL-2.1-or-later
-- No inputs.
SELECT store_id FROM board
