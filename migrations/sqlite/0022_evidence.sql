-- What is asked of the entity and what shows that it is so: where requirements stand, who does what, frameworks of one's
-- own, words about controls, evidence items, policies and trainings, as they are. `revision` grows by one with each change.
CREATE TABLE library_record (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'position', 'responsibility', 'framework', 'statement', 'preset', 'item', 'policy', 'training', 'request', 'sample'
    )),
    key TEXT NOT NULL CHECK (key <> ''),
    revision INTEGER NOT NULL CHECK (revision > 0),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, key)
) STRICT;

-- Every version of each, with who made it.
CREATE TABLE library_record_version (
    workspace_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, key, revision),
    FOREIGN KEY (workspace_id, kind, key) REFERENCES library_record (workspace_id, kind, key) ON DELETE CASCADE
) STRICT;
