-- The public keys with which this instance signs packs, and did: whoever holds an older pack verifies it still. The secret
-- one is derived from the key file and the generation, and is in no database.
CREATE TABLE pack_key (
    generation INTEGER NOT NULL PRIMARY KEY CHECK (generation > 0),
    public_key BLOB NOT NULL,
    since INTEGER NOT NULL
) STRICT;

CREATE TRIGGER pack_key_is_never_updated BEFORE UPDATE ON pack_key
BEGIN SELECT RAISE(ABORT, 'a public key is never changed'); END;
CREATE TRIGGER pack_key_is_never_deleted BEFORE DELETE ON pack_key
BEGIN SELECT RAISE(ABORT, 'a public key is never changed'); END;
