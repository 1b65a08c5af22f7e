-- What takes the newest changes back, as JSON: the objects that a change altered or removed, as they were before.
CREATE TABLE change_inverse (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, revision)
) STRICT;
