-- SPDX-License-Identifier: LGPL-2.1-or-later
-- When the one that can be used expires. ?1: now.
SELECT max (expires_at) FROM invitations WHERE creator_id IS NULL AND expires_at > ?1
