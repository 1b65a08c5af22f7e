-- Proposals: edits that are not live yet, as JSON, with what was said and decided about them.
CREATE TABLE proposal (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    version INTEGER NOT NULL CHECK (version > 0),
    changed_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT;

-- Whether what is in scope is changed through proposals only.
ALTER TABLE workspace ADD COLUMN protects_scope INTEGER NOT NULL DEFAULT 0 CHECK (protects_scope IN (0, 1));
