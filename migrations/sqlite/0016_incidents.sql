-- What is kept about incidents, as it is: the incidents themselves, and what is prepared for them. `number` counts
-- within its kind; `revision` grows by one with each change. There is one record of duties, with the number 1.
CREATE TABLE incident_record (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('incident', 'duties', 'playbook', 'drill')),
    number INTEGER NOT NULL CHECK (number > 0),
    revision INTEGER NOT NULL CHECK (revision > 0),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, number)
) STRICT;

-- Every version of each, with who made it.
CREATE TABLE incident_record_version (
    workspace_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, number, revision),
    FOREIGN KEY (workspace_id, kind, number) REFERENCES incident_record (workspace_id, kind, number) ON DELETE CASCADE
) STRICT;
