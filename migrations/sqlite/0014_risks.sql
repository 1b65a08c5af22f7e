-- The risks of a workspace, as they are. `revision` grows by one with each change of the risk.
CREATE TABLE risk (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    revision INTEGER NOT NULL CHECK (revision > 0),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT;

-- Every version of a risk, with who made it.
CREATE TABLE risk_version (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, revision),
    FOREIGN KEY (workspace_id, number) REFERENCES risk (workspace_id, number) ON DELETE CASCADE
) STRICT;
