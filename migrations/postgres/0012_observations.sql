-- Sources of observations are objects that consist of facts only: one more kind of record.
ALTER TABLE record DROP CONSTRAINT record_kind_check;

ALTER TABLE record ADD CONSTRAINT record_kind_check CHECK (kind IN (
    'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
    'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
    'access_group', 'observation', 'holding', 'flow_field', 'grant'));

ALTER TABLE fact DROP CONSTRAINT fact_object_kind_check;

ALTER TABLE fact ADD CONSTRAINT fact_object_kind_check CHECK (object_kind IN (
    'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
    'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
    'access_group', 'observation', 'holding', 'flow_field', 'grant'));
