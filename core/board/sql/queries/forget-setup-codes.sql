-- SPDX-License-Identifier: LGPL-2.1-or-later
-- All codes for the first account. No inputs.
DELETE FROM invitations WHERE creator_id IS NULL
