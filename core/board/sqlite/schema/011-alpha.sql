-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Version 11: whether something of a picture is transparent. NULL: it was stored before anybody looked.
ALTER TABLE posts ADD COLUMN has_alpha INTEGER;
ALTER TABLE upload_assets ADD COLUMN has_alpha INTEGER;
