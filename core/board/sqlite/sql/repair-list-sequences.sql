-- SPDX-License-Identifier: LGPL-2.1-or-later
SELECT name, seq FROM sqlite_sequence
