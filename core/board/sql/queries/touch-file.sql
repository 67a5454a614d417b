-- SPDX-License-Identifier: LGPL-2.1-or-later
-- ?1: file, ?2: size, ?3: mtime in ns, ?4: inode, ?5: device.
UPDATE files SET size = ?2, mtime_ns = ?3, inode = ?4, device = ?5 WHERE id = ?1
