-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT 1 FROM pg_sleep (?1)
