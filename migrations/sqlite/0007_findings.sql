-- Where each finding stands: one row for every finding that was ever seen or reported.
CREATE TABLE finding (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    -- The object that it is about, as JSON: the key of some objects is more than one text.
    subject TEXT NOT NULL,
    discriminator TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    severity TEXT NOT NULL,
    sentence TEXT NOT NULL,
    facts_hash TEXT NOT NULL,
    facts TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    decision TEXT,
    request TEXT,
    owner_key TEXT,
    due INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, rule, subject, discriminator)
) STRICT;

-- What happened to each finding.
CREATE TABLE finding_event (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    discriminator TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id TEXT,
    revision INTEGER,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, rule, subject, discriminator, version)
) STRICT;

-- Up to which revision, and as of which day, the findings are written down.
CREATE TABLE finding_run (
    workspace_id BLOB NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    day INTEGER NOT NULL,
    next_change INTEGER
) STRICT;
