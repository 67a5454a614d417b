-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Of somebody who succeeded. ?1: key of the name, ?2: address.
DELETE FROM login_attempts WHERE name_key = ?1 AND address = ?2
