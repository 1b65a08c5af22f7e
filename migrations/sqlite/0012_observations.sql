-- Sources of observations are objects that consist of facts only: one more kind of record. SQLite cannot change a check,
-- so the two tables that list the kinds are made anew and take the rows over.
CREATE TABLE record_with_observations (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
        'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
        'access_group', 'observation', 'holding', 'flow_field', 'grant')),
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, key)
) STRICT;

INSERT INTO record_with_observations (workspace_id, kind, key, rev, name)
SELECT workspace_id, kind, key, rev, name FROM record;

DROP TABLE record;

ALTER TABLE record_with_observations RENAME TO record;

CREATE TABLE fact_with_observations (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    object_kind TEXT NOT NULL CHECK (object_kind IN (
        'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
        'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
        'access_group', 'observation', 'holding', 'flow_field', 'grant')),
    object_key TEXT NOT NULL,
    part INTEGER NOT NULL CHECK (part >= -1),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT,
    as_of INTEGER,
    confirmed_by TEXT,
    valid_until INTEGER,
    PRIMARY KEY (workspace_id, object_kind, object_key, part, name)
) STRICT;

INSERT INTO fact_with_observations (workspace_id, object_kind, object_key, part, name, value, source, as_of,
    confirmed_by, valid_until)
SELECT workspace_id, object_kind, object_key, part, name, value, source, as_of, confirmed_by, valid_until FROM fact;

DROP TABLE fact;

ALTER TABLE fact_with_observations RENAME TO fact;
