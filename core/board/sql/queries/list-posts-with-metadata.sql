-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The posts whose files say something of themselves.
SELECT post_id FROM media_metadata ORDER BY post_id
