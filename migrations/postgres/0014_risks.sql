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

-- Decisions to live with a risk for a time. What one says is in its events; `version` counts them. `ended_at` is set
-- once nothing can happen to it any more.
CREATE TABLE acceptance (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    risk_number BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    ended_at BIGINT,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, risk_number) REFERENCES risk (workspace_id, number) ON DELETE CASCADE
);

CREATE INDEX acceptance_by_risk ON acceptance (workspace_id, risk_number);

-- What happened to an acceptance, in order, with the account that did it; time and edits of the map have none.
CREATE TABLE acceptance_event (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    place BIGINT NOT NULL CHECK (place > 0),
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES acceptance (workspace_id, number) ON DELETE CASCADE
);
