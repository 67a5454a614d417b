-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT n FROM generate_series (1, ?1) AS n
