-- Second factors, devices that are known, how often an address may try, and links to a new password.

-- When a sign-in proved last who it is, what it still has to do before anything else, and from where it came.
ALTER TABLE sign_in ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sign_in ADD COLUMN awaits TEXT COLLATE "C" NOT NULL DEFAULT 'nothing'
    CHECK (awaits IN ('nothing', 'code', 'enrolment'));
ALTER TABLE sign_in ADD COLUMN address TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sign_in ADD COLUMN agent TEXT COLLATE "C" NOT NULL DEFAULT '';

-- When the account was first asked for a second factor: from then on the grace of its workspaces runs.
ALTER TABLE account ADD COLUMN second_factor_asked_at BIGINT;

-- Whether owners, administrators and editors need a second factor, and how many days they have to set one up.
ALTER TABLE workspace ADD COLUMN second_factor_required BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE workspace ADD COLUMN second_factor_grace_days BIGINT NOT NULL DEFAULT 7
    CHECK (second_factor_grace_days BETWEEN 0 AND 90);

-- The secret of an authenticator app is sealed; a recovery code is kept as its argon2id hash, found by its first two
-- characters. A code of an app is taken once: its step must be newer than the last one.
ALTER TABLE account_credential ADD COLUMN prefix TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE account_credential ADD COLUMN last_step BIGINT NOT NULL DEFAULT 0;

-- A sealed secret that was shown to be scanned and is not in force yet.
CREATE TABLE second_factor_offer (
    account_id UUID NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    secret TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

-- Browsers in which an account has signed in before. Their tries have counters of their own, so that strangers cannot
-- lock a person out. The key is the SHA-256 of what the cookie carries.
CREATE TABLE known_device (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX known_device_by_account ON known_device (account_id);

-- How full the bucket of an address is: every post takes a token, and time puts tokens back.
CREATE TABLE address_bucket (
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('sign_in', 'post')),
    network TEXT COLLATE "C" NOT NULL,
    full_at BIGINT NOT NULL,
    PRIMARY KEY (kind, network)
);

-- Links with which a person sets a new password, once. The key is the SHA-256 of what the link carries.
CREATE TABLE password_reset (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_reset_by_account ON password_reset (account_id);
