-- Views of lists that a member keeps under a name: the query of the list's page.
CREATE TABLE saved_view (
    key TEXT NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    q TEXT NOT NULL,
    sort TEXT NOT NULL,
    columns TEXT NOT NULL,
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    saved_at INTEGER NOT NULL,
    UNIQUE (workspace_id, account_id, list, name),
    FOREIGN KEY (workspace_id, account_id) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
) STRICT;
