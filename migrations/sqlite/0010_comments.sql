-- What members say about objects of the model. It stays when the object goes or its author leaves.
CREATE TABLE comment (
    key TEXT NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id),
    object_type TEXT NOT NULL,
    object_key TEXT NOT NULL,
    text TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    edited_at INTEGER CHECK (edited_at >= written_at)
) STRICT;
CREATE INDEX comment_by_object ON comment (workspace_id, object_type, object_key, written_at);
