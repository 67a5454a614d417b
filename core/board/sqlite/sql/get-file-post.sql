-- ?1: file.
SELECT post_id FROM files WHERE id = ?1
