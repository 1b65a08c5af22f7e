-- What is done again and again, and what was tested: schedules, tests and exercises, targeted risk analyses, as they are.
-- `number` counts within its kind; `revision` grows by one with each change.
CREATE TABLE schedule_record (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('schedule', 'activity', 'analysis')),
    number BIGINT NOT NULL CHECK (number > 0),
    revision BIGINT NOT NULL CHECK (revision > 0),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, number)
);

-- Every version of each, with who made it.
CREATE TABLE schedule_record_version (
    workspace_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, number, revision),
    FOREIGN KEY (workspace_id, kind, number) REFERENCES schedule_record (workspace_id, kind, number) ON DELETE CASCADE
);

-- What the passing of time did to a schedule is written down until `seen_at`; `judged_day` is the day as of which the
-- model was last compared for it. `next_change` is when there is something to write down again; none where it has ended.
-- `watches`: something beside the calendar calls for it.
CREATE TABLE schedule_clock (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    number BIGINT NOT NULL CHECK (number > 0),
    seen_at BIGINT NOT NULL,
    judged_day BIGINT NOT NULL,
    next_change BIGINT,
    watches BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

-- What was done, each with who noted it.
CREATE TABLE schedule_run (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    place BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    account_id UUID REFERENCES account (id),
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES schedule_clock (workspace_id, number) ON DELETE CASCADE
);

-- What time did, each at the instant at which it happened.
CREATE TABLE schedule_passing (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, at),
    FOREIGN KEY (workspace_id, number) REFERENCES schedule_clock (workspace_id, number) ON DELETE CASCADE
);

-- What happened beside the calendar and called for a schedule, until somebody did it.
CREATE TABLE schedule_call (
    workspace_id UUID NOT NULL,
    number BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    answered_at BIGINT,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, number, place),
    FOREIGN KEY (workspace_id, number) REFERENCES schedule_clock (workspace_id, number) ON DELETE CASCADE
);
