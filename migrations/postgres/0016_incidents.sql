-- What is kept about incidents, as it is: the incidents themselves, and what is prepared for them. `number` counts
-- within its kind; `revision` grows by one with each change. There is one record of duties, with the number 1.
CREATE TABLE incident_record (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('incident', 'duties', 'playbook', 'drill')),
    number BIGINT NOT NULL CHECK (number > 0),
    revision BIGINT NOT NULL CHECK (revision > 0),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, number)
);

-- Every version of each, with who made it.
CREATE TABLE incident_record_version (
    workspace_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, number, revision),
    FOREIGN KEY (workspace_id, kind, number) REFERENCES incident_record (workspace_id, kind, number) ON DELETE CASCADE
);
