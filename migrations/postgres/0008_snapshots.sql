-- Snapshots of a model: the canonical model file as it was, with its SHA-256. A row is written once. Who took it is the
-- key of an account, without a reference: accounts go, and a snapshot is never changed.
CREATE TABLE snapshot (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    name TEXT COLLATE "C" NOT NULL,
    taken_at BIGINT NOT NULL,
    taken_by TEXT COLLATE "C",
    revision BIGINT NOT NULL,
    model_hash TEXT COLLATE "C" NOT NULL,
    summary TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

CREATE FUNCTION refuse_snapshot_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a snapshot is never changed'; END $$;
CREATE TRIGGER snapshot_is_never_updated BEFORE UPDATE ON snapshot
FOR EACH ROW EXECUTE FUNCTION refuse_snapshot_change();
