-- Views of lists that a member keeps under a name: the query of the list's page.
CREATE TABLE saved_view (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workspace_id UUID NOT NULL,
    account_id UUID NOT NULL,
    list TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    q TEXT COLLATE "C" NOT NULL,
    sort TEXT COLLATE "C" NOT NULL,
    columns TEXT COLLATE "C" NOT NULL,
    shared BOOLEAN NOT NULL,
    saved_at BIGINT NOT NULL,
    UNIQUE (workspace_id, account_id, list, name),
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);
