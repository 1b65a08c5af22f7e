-- Accounts, workspaces, sessions and the audit trail.
-- Times are microseconds since 1970-01-01T00:00:00Z; days are days since 1970-01-01.

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    mail_folded TEXT NOT NULL UNIQUE,
    instance_admin INTEGER NOT NULL CHECK (instance_admin IN (0, 1)),
    disabled_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- What an account proves itself with. A password is kept as its argon2id hash.
CREATE TABLE account_credential (
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    credential_kind TEXT NOT NULL CHECK (credential_kind IN ('password', 'totp', 'recovery_code', 'webauthn')),
    number INTEGER NOT NULL,
    secret TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, credential_kind, number)
) STRICT;

CREATE TABLE workspace (
    id BLOB NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
    revision INTEGER NOT NULL CHECK (revision >= 0),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'reviewer', 'viewer', 'auditor')),
    tier INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 4),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
) STRICT;
CREATE INDEX member_by_account ON member (account_id);

-- At most one set-up link is valid: a newer one replaces the row.
CREATE TABLE setup_token (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    token_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- One row per time that somebody signed in. Every session belongs to one, and dies with it.
CREATE TABLE sign_in (
    key TEXT NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX sign_in_by_account ON sign_in (account_id);

-- The identifier itself is never stored, only its SHA-256.
CREATE TABLE session (
    id_hash BLOB NOT NULL PRIMARY KEY,
    sign_in_key TEXT REFERENCES sign_in (key) ON DELETE CASCADE,
    data TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    last_seen INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_sign_in ON session (sign_in_key);
CREATE INDEX session_by_last_seen ON session (last_seen);

-- Failed tries per account name, whether there is such an account or not. The key is a SHA-256.
CREATE TABLE throttle (
    key BLOB NOT NULL PRIMARY KEY,
    failed INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- The audit trail: one hash chain per workspace and one for the instance.
CREATE TABLE chain_head (
    chain TEXT NOT NULL PRIMARY KEY,
    workspace_id BLOB UNIQUE REFERENCES workspace (id),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE audit_entry (
    chain TEXT NOT NULL REFERENCES chain_head (chain),
    seq INTEGER NOT NULL,
    workspace_id BLOB REFERENCES workspace (id),
    prev_hash TEXT NOT NULL,
    time INTEGER NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('nobody', 'account', 'operator', 'clock')),
    actor_id TEXT,
    session_id TEXT,
    action TEXT NOT NULL,
    object_type TEXT,
    object_key TEXT,
    object_rev INTEGER,
    payload_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT;
CREATE INDEX audit_entry_by_workspace ON audit_entry (workspace_id, seq);

-- What an entry's payload hash is the hash of: canonical JSON as text, byte for byte.
CREATE TABLE audit_payload (
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (chain, seq),
    FOREIGN KEY (chain, seq) REFERENCES audit_entry (chain, seq)
) STRICT;

-- Values of which the payload holds only a salted hash. Erasing a person deletes rows here; the chain stays whole.
CREATE TABLE audit_personal (
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    salt BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (chain, seq, number),
    FOREIGN KEY (chain, seq) REFERENCES audit_entry (chain, seq)
) STRICT;

CREATE TRIGGER audit_entry_is_never_updated BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_payload_is_never_updated BEFORE UPDATE ON audit_payload
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_payload_is_never_deleted BEFORE DELETE ON audit_payload
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_personal_is_never_updated BEFORE UPDATE ON audit_personal
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

INSERT INTO chain_head (chain, workspace_id, seq, hash)
VALUES ('instance', NULL, 0, '0000000000000000000000000000000000000000000000000000000000000000');
