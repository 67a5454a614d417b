-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A number that another connection's commit changes. No inputs.
PRAGMA data_version
