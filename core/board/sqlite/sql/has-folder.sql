-- ?1: id.
SELECT 1 FROM folders WHERE id = ?1
