-- Evidence packs that somebody asked for. `file` is the name of the archive in the folder of the packs, without ending;
-- `origin` a seal, a snapshot or `now`. While one is made, `files`, `total_files`, `bytes` and `touched_at` go on; `sha256`
-- is that of the whole archive, `scanned` what was found in its files, `problem` why there is none.
CREATE TABLE pack (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    file TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    profile TEXT NOT NULL,
    state TEXT NOT NULL,
    files INTEGER NOT NULL,
    total_files INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    scanned TEXT NOT NULL,
    problem TEXT NOT NULL,
    asked_by BLOB REFERENCES account (id),
    asked_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    released_by BLOB REFERENCES account (id),
    released_at INTEGER,
    reason TEXT NOT NULL,
    downloads INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT;
