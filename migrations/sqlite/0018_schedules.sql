-- What is done again and again, and what was tested: schedules, tests and exercises, targeted risk analyses, as they are.
-- `number` counts within its kind; `revision` grows by one with each change.
CREATE TABLE schedule_record (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('schedule', 'activity', 'analysis')),
    number INTEGER NOT NULL CHECK (number > 0),
    revision INTEGER NOT NULL CHECK (revision > 0),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, number)
) STRICT;

-- Every version of each, with who made it.
CREATE TABLE schedule_record_version (
    workspace_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, number, revision),
    FOREIGN KEY (workspace_id, kind, number) REFERENCES schedule_record (workspace_id, kind, number) ON DELETE CASCADE
) STRICT;

-- What the passing of time did to a schedule is written down until `seen_at`; `judged_day` is the day as of which the
-- model was last compared for it. `next_change` is when there is something to write down again; none where it has ended.
-- `watches`: something beside the calendar calls for it.
CREATE TABLE schedule_clock (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    seen_at INTEGER NOT NULL,
    judged_day INTEGER NOT NULL,
    next_change INTEGER,
    watches INTEGER NOT NULL CHECK (watches IN (0, 1)),
    PRIMARY KEY (workspace_id, number)
) STRICT;

-- What was done, each with who noted it.
CREATE TABLE schedule_run (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    account_id BLOB REFERENCES account (id),
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES schedule_clock (workspace_id, number) ON DELETE CASCADE
) STRICT;

-- What time did, each at the instant at which it happened.
CREATE TABLE schedule_passing (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, at),
    FOREIGN KEY (workspace_id, number) REFERENCES schedule_clock (workspace_id, number) ON DELETE CASCADE
) STRICT;

-- What happened beside the calendar and called for a schedule, until somebody did it.
CREATE TABLE schedule_call (
    workspace_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    answered_at INTEGER,
    content TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES schedule_clock (workspace_id, number) ON DELETE CASCADE
) STRICT;
