-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: a name, in any case of its ASCII letters.
SELECT id FROM pools WHERE lower (name) = lower (?1)
