-- A number that another connection's commit changes. No inputs.
PRAGMA data_version
