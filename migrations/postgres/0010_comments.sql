-- What members say about objects of the model. It stays when the object goes or its author leaves.
CREATE TABLE comment (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id),
    object_type TEXT COLLATE "C" NOT NULL,
    object_key TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    edited_at BIGINT CHECK (edited_at >= written_at)
);
CREATE INDEX comment_by_object ON comment (workspace_id, object_type, object_key, written_at);
