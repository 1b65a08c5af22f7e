-- What is asked of the entity and what shows that it is so: where requirements stand, who does what, frameworks of one's
-- own, words about controls, evidence items, policies and trainings, as they are. `revision` grows by one with each change.
CREATE TABLE library_record (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'position', 'responsibility', 'framework', 'statement', 'preset', 'item', 'policy', 'training', 'request', 'sample'
    )),
    key TEXT COLLATE "C" NOT NULL CHECK (key <> ''),
    revision BIGINT NOT NULL CHECK (revision > 0),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, key)
);

-- Every version of each, with who made it.
CREATE TABLE library_record_version (
    workspace_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, key, revision),
    FOREIGN KEY (workspace_id, kind, key) REFERENCES library_record (workspace_id, kind, key) ON DELETE CASCADE
);
