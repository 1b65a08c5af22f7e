-- Tokens with which programs act in place of a member. The secret is kept as its SHA-256 only.
CREATE TABLE api_token (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    account_id UUID NOT NULL,
    secret_hash BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL CHECK (scope IN ('read', 'write')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at > created_at),
    last_used_at BIGINT,
    revoked_at BIGINT,
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);
CREATE INDEX api_token_by_member ON api_token (workspace_id, account_id);
