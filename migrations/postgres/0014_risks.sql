-- The risks of a workspace, as they are. `revision` grows by one with each change of the risk.
CREATE TABLE risk (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    revision BIGINT NOT NULL CHECK (revision > 0),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

-- Every version of a risk, with who made it.
CREATE TABLE risk_version (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, revision),
    FOREIGN KEY (workspace_id, number) REFERENCES risk (workspace_id, number) ON DELETE CASCADE
);
