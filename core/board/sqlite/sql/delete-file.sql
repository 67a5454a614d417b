-- ?1: file.
DELETE FROM files WHERE id = ?1
