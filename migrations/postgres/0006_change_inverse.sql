-- What takes the newest changes back, as JSON: the objects that a change altered or removed, as they were before.
CREATE TABLE change_inverse (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, revision)
);
