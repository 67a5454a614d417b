-- ?1: path.
SELECT id, path, kind, device, present FROM folders WHERE path = ?1
