-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Where the log of changes begins; NULL: there were none.
SELECT min (generation) FROM changes
