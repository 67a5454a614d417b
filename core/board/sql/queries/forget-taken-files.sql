-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All but the newest. ?1: how many are kept.
DELETE FROM taken_files WHERE id <= (SELECT max (id) FROM taken_files) - ?1
