-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT CAST (1.5 AS numeric)
