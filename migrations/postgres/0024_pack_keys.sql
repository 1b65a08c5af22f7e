-- The public keys with which this instance signs packs, and did: whoever holds an older pack verifies it still. The secret
-- one is derived from the key file and the generation, and is in no database.
CREATE TABLE pack_key (
    generation BIGINT NOT NULL PRIMARY KEY CHECK (generation > 0),
    public_key BYTEA NOT NULL,
    since BIGINT NOT NULL
);

CREATE FUNCTION refuse_change_of_pack_key() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a public key is never changed'; END $$;
CREATE TRIGGER pack_key_is_never_changed BEFORE UPDATE OR DELETE ON pack_key
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_pack_key();
CREATE TRIGGER pack_key_is_never_truncated BEFORE TRUNCATE ON pack_key
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_pack_key();
