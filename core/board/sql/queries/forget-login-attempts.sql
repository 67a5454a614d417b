-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Old ones. ?1: before when.
DELETE FROM login_attempts WHERE created_at <= ?1
