-- Registers of risks that were read from a file and wait for a day until somebody decides. `content` is the table as it was
-- read and empty once it was imported; `choices` is what was confirmed last, as the form says it. While rows are read,
-- `touched_at` and `read_rows` go on; the counts are those of the import.
CREATE TABLE register_import (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    choices TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    total_rows BIGINT NOT NULL,
    read_rows BIGINT NOT NULL,
    new_rows BIGINT NOT NULL,
    changed_rows BIGINT NOT NULL,
    unchanged_rows BIGINT NOT NULL,
    left_out_rows BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);
CREATE INDEX register_import_by_age ON register_import (workspace_id, created_at);
