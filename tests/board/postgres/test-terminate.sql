-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT pg_terminate_backend (CAST (?1 AS integer), 5000)
