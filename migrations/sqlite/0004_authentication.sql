-- Second factors, devices that are known, how often an address may try, and links to a new password.

-- When a sign-in proved last who it is, what it still has to do before anything else, and from where it came.
ALTER TABLE sign_in ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sign_in ADD COLUMN awaits TEXT NOT NULL DEFAULT 'nothing'
    CHECK (awaits IN ('nothing', 'code', 'enrolment'));
ALTER TABLE sign_in ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_in ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- When the account was first asked for a second factor: from then on the grace of its workspaces runs.
ALTER TABLE account ADD COLUMN second_factor_asked_at INTEGER;

-- Whether owners, administrators and editors need a second factor, and how many days they have to set one up.
ALTER TABLE workspace ADD COLUMN second_factor_required INTEGER NOT NULL DEFAULT 1 CHECK (second_factor_required IN (0, 1));
ALTER TABLE workspace ADD COLUMN second_factor_grace_days INTEGER NOT NULL DEFAULT 7
    CHECK (second_factor_grace_days BETWEEN 0 AND 90);

-- The secret of an authenticator app is sealed; a recovery code is kept as its argon2id hash, found by its first two
-- characters. A code of an app is taken once: its step must be newer than the last one.
ALTER TABLE account_credential ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE account_credential ADD COLUMN last_step INTEGER NOT NULL DEFAULT 0;

-- A sealed secret that was shown to be scanned and is not in force yet.
CREATE TABLE second_factor_offer (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Browsers in which an account has signed in before. Their tries have counters of their own, so that strangers cannot
-- lock a person out. The key is the SHA-256 of what the cookie carries.
CREATE TABLE known_device (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX known_device_by_account ON known_device (account_id);

-- How full the bucket of an address is: every post takes a token, and time puts tokens back.
CREATE TABLE address_bucket (
    kind TEXT NOT NULL CHECK (kind IN ('sign_in', 'post')),
    network TEXT NOT NULL,
    full_at INTEGER NOT NULL,
    PRIMARY KEY (kind, network)
) STRICT;

-- Links with which a person sets a new password, once. The key is the SHA-256 of what the link carries.
CREATE TABLE password_reset (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX password_reset_by_account ON password_reset (account_id);
