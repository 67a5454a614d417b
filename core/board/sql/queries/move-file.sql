-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: file, ?2: its folder now, ?3: its path now, ?4: size, ?5: mtime in ns, ?6: inode, ?7: device.
UPDATE files SET folder_id = ?2, path = ?3, size = ?4, mtime_ns = ?5, inode = ?6, device = ?7
WHERE id = ?1
