-- All folders. No inputs.
SELECT id, path, kind, device, present FROM folders ORDER BY id
