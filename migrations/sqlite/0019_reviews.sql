-- Reviews. What one says is in its events; `version` counts them, and `phase` is where they have led.
CREATE TABLE review (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('open', 'signing', 'signed', 'sealed', 'withdrawn')),
    due INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    PRIMARY KEY (workspace_id, number)
) STRICT;

-- What happened in a review, in order, with the account that did it; time and edits of the model have none. A row is
-- written once.
CREATE TABLE review_event (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL CHECK (place > 0),
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES review (workspace_id, number) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER review_event_is_never_updated BEFORE UPDATE ON review_event
BEGIN SELECT RAISE(ABORT, 'what happened in a review is never changed'); END;

-- Seals, as a chain: the canonical bytes, which name the hash of the seal before, their hash, and the signature of the
-- instance with the public key it can be checked with. The sealed model is the snapshot of this number. A row is written
-- once.
CREATE TABLE seal (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    review_number INTEGER NOT NULL,
    snapshot_number INTEGER NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    signed_with TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, review_number) REFERENCES review (workspace_id, number) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER seal_is_never_updated BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;

-- What a seal fixes beside the snapshot, each as the bytes that were hashed. A row is written once.
CREATE TABLE seal_content (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, kind),
    FOREIGN KEY (workspace_id, number) REFERENCES seal (workspace_id, number) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER seal_content_is_never_updated BEFORE UPDATE ON seal_content
BEGIN SELECT RAISE(ABORT, 'what was sealed is never changed'); END;
