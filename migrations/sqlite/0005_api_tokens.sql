-- Tokens with which programs act in place of a member. The secret is kept as its SHA-256 only.
CREATE TABLE api_token (
    key TEXT NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    secret_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
    last_used_at INTEGER,
    revoked_at INTEGER,
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX api_token_by_member ON api_token (workspace_id, account_id);
