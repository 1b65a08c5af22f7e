-- Who is assessed, and why stages of payment channels have no flow: every version with who saved it, of which the newest
-- counts.
CREATE TABLE entity_profile (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL CHECK (revision > 0),
    changed_at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, revision)
) STRICT;
