-- Reviews. What one says is in its events; `version` counts them, and `phase` is where they have led.
CREATE TABLE review (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    kind TEXT COLLATE "C" NOT NULL,
    phase TEXT COLLATE "C" NOT NULL CHECK (phase IN ('open', 'signing', 'signed', 'sealed', 'withdrawn')),
    due BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (workspace_id, number)
);

-- What happened in a review, in order, with the account that did it; time and edits of the model have none. A row is
-- written once.
CREATE TABLE review_event (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    place BIGINT NOT NULL CHECK (place > 0),
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES review (workspace_id, number) ON DELETE CASCADE
);

CREATE FUNCTION refuse_review_event_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what happened in a review is never changed'; END $$;
CREATE TRIGGER review_event_is_never_updated BEFORE UPDATE ON review_event
FOR EACH ROW EXECUTE FUNCTION refuse_review_event_change();

-- Seals, as a chain: the canonical bytes, which name the hash of the seal before, their hash, and the signature of the
-- instance with the public key it can be checked with. The sealed model is the snapshot of this number. A row is written
-- once.
CREATE TABLE seal (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    review_number BIGINT NOT NULL,
    snapshot_number BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    signature TEXT COLLATE "C" NOT NULL,
    signed_with TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, review_number) REFERENCES review (workspace_id, number) ON DELETE CASCADE
);

CREATE FUNCTION refuse_seal_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a seal is never changed'; END $$;
CREATE TRIGGER seal_is_never_updated BEFORE UPDATE ON seal
FOR EACH ROW EXECUTE FUNCTION refuse_seal_change();

-- What a seal fixes beside the snapshot, each as the bytes that were hashed. A row is written once.
CREATE TABLE seal_content (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, kind),
    FOREIGN KEY (workspace_id, number) REFERENCES seal (workspace_id, number) ON DELETE CASCADE
);

CREATE FUNCTION refuse_seal_content_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was sealed is never changed'; END $$;
CREATE TRIGGER seal_content_is_never_updated BEFORE UPDATE ON seal_content
FOR EACH ROW EXECUTE FUNCTION refuse_seal_content_change();
