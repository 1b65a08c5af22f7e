-- Accounts, workspaces, sessions and the audit trail.
-- Times are microseconds since 1970-01-01T00:00:00Z; days are days since 1970-01-01.

CREATE TABLE account (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    mail TEXT COLLATE "C" NOT NULL,
    mail_folded TEXT COLLATE "C" NOT NULL UNIQUE,
    instance_admin BOOLEAN NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL
);

-- What an account proves itself with. A password is kept as its argon2id hash.
CREATE TABLE account_credential (
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    credential_kind TEXT COLLATE "C" NOT NULL CHECK (credential_kind IN ('password', 'totp', 'recovery_code', 'webauthn')),
    number BIGINT NOT NULL,
    secret TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, credential_kind, number)
);

CREATE TABLE workspace (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    sample BOOLEAN NOT NULL,
    revision BIGINT NOT NULL CHECK (revision >= 0),
    created_at BIGINT NOT NULL
);

CREATE TABLE member (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'reviewer', 'viewer', 'auditor')),
    tier BIGINT NOT NULL CHECK (tier BETWEEN 1 AND 4),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX member_by_account ON member (account_id);

-- At most one set-up link is valid: a newer one replaces the row.
CREATE TABLE setup_token (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    token_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);

-- One row per time that somebody signed in. Every session belongs to one, and dies with it.
CREATE TABLE sign_in (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sign_in_by_account ON sign_in (account_id);

-- The identifier itself is never stored, only its SHA-256.
CREATE TABLE session (
    id_hash BYTEA NOT NULL PRIMARY KEY,
    sign_in_key TEXT COLLATE "C" REFERENCES sign_in (key) ON DELETE CASCADE,
    data TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL
);
CREATE INDEX session_by_sign_in ON session (sign_in_key);
CREATE INDEX session_by_last_seen ON session (last_seen);

-- Failed tries per account name, whether there is such an account or not. The key is a SHA-256.
CREATE TABLE throttle (
    key BYTEA NOT NULL PRIMARY KEY,
    failed BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- The audit trail: one hash chain per workspace and one for the instance.
CREATE TABLE chain_head (
    chain TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id UUID UNIQUE REFERENCES workspace (id),
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);

CREATE TABLE audit_entry (
    chain TEXT COLLATE "C" NOT NULL REFERENCES chain_head (chain),
    seq BIGINT NOT NULL,
    workspace_id UUID REFERENCES workspace (id),
    prev_hash TEXT COLLATE "C" NOT NULL,
    time BIGINT NOT NULL,
    actor_kind TEXT COLLATE "C" NOT NULL CHECK (actor_kind IN ('nobody', 'account', 'operator', 'clock')),
    actor_id TEXT COLLATE "C",
    session_id TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    object_type TEXT COLLATE "C",
    object_key TEXT COLLATE "C",
    object_rev BIGINT,
    payload_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_entry_by_workspace ON audit_entry (workspace_id, seq);

-- What an entry's payload hash is the hash of: canonical JSON as text, byte for byte.
CREATE TABLE audit_payload (
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (chain, seq),
    FOREIGN KEY (chain, seq) REFERENCES audit_entry (chain, seq)
);

-- Values of which the payload holds only a salted hash. Erasing a person deletes rows here; the chain stays whole.
CREATE TABLE audit_personal (
    chain TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    number BIGINT NOT NULL,
    salt BYTEA NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (chain, seq, number),
    FOREIGN KEY (chain, seq) REFERENCES audit_entry (chain, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_is_never_truncated BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_payload_is_never_changed BEFORE UPDATE OR DELETE ON audit_payload
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_payload_is_never_truncated BEFORE TRUNCATE ON audit_payload
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_personal_is_never_updated BEFORE UPDATE ON audit_personal
FOR EACH ROW EXECUTE FUNCTION refuse_change();

INSERT INTO chain_head (chain, workspace_id, seq, hash)
VALUES ('instance', NULL, 0, '0000000000000000000000000000000000000000000000000000000000000000');
