-- Who is assessed, and why stages of payment channels have no flow: every version with who saved it, of which the newest
-- counts.
CREATE TABLE entity_profile (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL CHECK (revision > 0),
    changed_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, revision)
);
