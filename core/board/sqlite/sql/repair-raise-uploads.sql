-- SPDX-License-Identifier: LGPL-2.1-or-later
-- An upload never gets a number that a media asset of a lost upload has.
INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq)
SELECT (SELECT rowid FROM sqlite_sequence WHERE name = 'upload_assets'), 'upload_assets',
  max (ifnull ((SELECT seq FROM sqlite_sequence WHERE name = 'upload_assets'), 0),
       ifnull ((SELECT max (media_asset_id) / 2 FROM posts WHERE media_asset_id IS NOT NULL), 0))
