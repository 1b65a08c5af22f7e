-- Registers of risks that were read from a file and wait for a day until somebody decides. `content` is the table as it was
-- read and empty once it was imported; `choices` is what was confirmed last, as the form says it. While rows are read,
-- `touched_at` and `read_rows` go on; the counts are those of the import.
CREATE TABLE register_import (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    file_name TEXT NOT NULL,
    content TEXT NOT NULL,
    choices TEXT NOT NULL,
    state TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    read_rows INTEGER NOT NULL,
    new_rows INTEGER NOT NULL,
    changed_rows INTEGER NOT NULL,
    unchanged_rows INTEGER NOT NULL,
    left_out_rows INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT;
CREATE INDEX register_import_by_age ON register_import (workspace_id, created_at);
