-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT count(*) FROM folders WHERE path = ?1
