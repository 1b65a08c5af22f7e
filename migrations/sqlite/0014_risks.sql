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

-- Decisions to live with a risk for a time. What one says is in its events; `version` counts them. `ended_at` is set
-- once nothing can happen to it any more.
CREATE TABLE acceptance (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    risk_number INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    ended_at INTEGER,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, risk_number) REFERENCES risk (workspace_id, number) ON DELETE CASCADE
) STRICT;

CREATE INDEX acceptance_by_risk ON acceptance (workspace_id, risk_number);

-- What happened to an acceptance, in order, with the account that did it; time and edits of the map have none.
CREATE TABLE acceptance_event (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL CHECK (place > 0),
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES acceptance (workspace_id, number) ON DELETE CASCADE
) STRICT;
