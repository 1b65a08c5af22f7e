-- Snapshots of a model: the canonical model file as it was, with its SHA-256. A row is written once. Who took it is the
-- key of an account, without a reference: accounts go, and a snapshot is never changed.
CREATE TABLE snapshot (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    name TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    taken_by TEXT,
    revision INTEGER NOT NULL,
    model_hash TEXT NOT NULL,
    summary TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT;

CREATE TRIGGER snapshot_is_never_updated BEFORE UPDATE ON snapshot
BEGIN SELECT RAISE(ABORT, 'a snapshot is never changed'); END;
