-- Proposals: edits that are not live yet, as JSON, with what was said and decided about them.
CREATE TABLE proposal (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    version BIGINT NOT NULL CHECK (version > 0),
    changed_at BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

-- Whether what is in scope is changed through proposals only.
ALTER TABLE workspace ADD COLUMN protects_scope BOOLEAN NOT NULL DEFAULT FALSE;
