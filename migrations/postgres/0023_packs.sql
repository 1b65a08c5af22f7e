-- Evidence packs that somebody asked for. `file` is the name of the archive in the folder of the packs, without ending;
-- `origin` a seal, a snapshot or `now`. While one is made, `files`, `total_files`, `bytes` and `touched_at` go on; `sha256`
-- is that of the whole archive, `scanned` what was found in its files, `problem` why there is none.
CREATE TABLE pack (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    file TEXT COLLATE "C" NOT NULL UNIQUE,
    origin TEXT COLLATE "C" NOT NULL,
    profile TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    files BIGINT NOT NULL,
    total_files BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    scanned TEXT COLLATE "C" NOT NULL,
    problem TEXT COLLATE "C" NOT NULL,
    asked_by UUID REFERENCES account (id),
    asked_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    released_by UUID REFERENCES account (id),
    released_at BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    downloads BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, number)
);
