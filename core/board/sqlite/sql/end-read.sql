-- Ends a reading transaction. No inputs.
COMMIT
