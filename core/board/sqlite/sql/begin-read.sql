-- Begins a reading transaction: one view for the statements that follow. No inputs.
BEGIN
