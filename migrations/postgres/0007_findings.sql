-- Where each finding stands: one row for every finding that was ever seen or reported.
CREATE TABLE finding (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    rule TEXT COLLATE "C" NOT NULL,
    -- The object that it is about, as JSON: the key of some objects is more than one text.
    subject TEXT COLLATE "C" NOT NULL,
    discriminator TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    sentence TEXT COLLATE "C" NOT NULL,
    facts_hash TEXT COLLATE "C" NOT NULL,
    facts TEXT COLLATE "C" NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    decision TEXT COLLATE "C",
    request TEXT COLLATE "C",
    owner_key TEXT COLLATE "C",
    due BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, rule, subject, discriminator)
);

-- What happened to each finding.
CREATE TABLE finding_event (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    rule TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    discriminator TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id TEXT COLLATE "C",
    revision BIGINT,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, rule, subject, discriminator, version)
);

-- Up to which revision, and as of which day, the findings are written down.
CREATE TABLE finding_run (
    workspace_id UUID NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    day BIGINT NOT NULL,
    next_change BIGINT
);
