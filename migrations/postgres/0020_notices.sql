-- Calendars that programs read in place of a member, one for each of a workspace. The secret is kept as its SHA-256 only.
CREATE TABLE calendar_feed (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    account_id UUID NOT NULL,
    secret_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (workspace_id, account_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);

-- Which notices a member read. Notices themselves are computed; a key changes when what it tells does.
CREATE TABLE notice_read (
    workspace_id UUID NOT NULL,
    account_id UUID NOT NULL,
    notice TEXT COLLATE "C" NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id, notice),
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);

-- Who gets a digest by mail. Who has no row gets none.
CREATE TABLE digest (
    workspace_id UUID NOT NULL,
    account_id UUID NOT NULL,
    rhythm TEXT COLLATE "C" NOT NULL CHECK (rhythm IN ('daily', 'weekly')),
    PRIMARY KEY (workspace_id, account_id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);

-- The letter of a period, which is told by its first day. Whoever moves next_try_at sends it, so that of several
-- processes one does; outcome is there once nothing is left to do.
CREATE TABLE digest_letter (
    workspace_id UUID NOT NULL,
    account_id UUID NOT NULL,
    period BIGINT NOT NULL,
    tries BIGINT NOT NULL CHECK (tries >= 0),
    next_try_at BIGINT NOT NULL,
    outcome TEXT COLLATE "C" CHECK (outcome IN ('sent', 'empty')),
    PRIMARY KEY (workspace_id, account_id, period),
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);

-- When a change was made, to tell what left or entered scope lately. Receipts of before do not know.
ALTER TABLE change_receipt ADD COLUMN made_at BIGINT;
CREATE INDEX change_receipt_by_time ON change_receipt (workspace_id, made_at);
