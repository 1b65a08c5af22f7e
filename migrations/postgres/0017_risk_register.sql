-- What the risk register of a workspace is set to: every version with who made it, of which the newest counts. Without
-- any the usual settings hold.
CREATE TABLE risk_register (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL CHECK (revision > 0),
    changed_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, revision)
);

-- Which risks there are in which version, without reading what they say.
CREATE INDEX risk_by_revision ON risk (workspace_id, number, revision);

-- What a register was at an instant, and how it became what it is.
CREATE INDEX risk_version_by_time ON risk_version (workspace_id, number, changed_at, revision);
