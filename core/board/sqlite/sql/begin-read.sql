-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Begins a reading transaction: one view for the statements that follow. No inputs.
BEGIN
