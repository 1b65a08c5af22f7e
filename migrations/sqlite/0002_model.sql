-- The model of a workspace. Every object carries the revision at which it changed last. References between
-- objects contain the workspace, so that none can lead into another one. What the model itself allows to point
-- at nothing (keys, token domains, connectors, controls of links and flows) is a text without a reference.

CREATE TABLE model_settings (
    workspace_id BLOB NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    rev INTEGER NOT NULL,
    view TEXT NOT NULL CHECK (view IN ('current', 'target')),
    strict_flat INTEGER NOT NULL CHECK (strict_flat IN (0, 1)),
    as_of INTEGER NOT NULL,
    service_provider INTEGER NOT NULL CHECK (service_provider IN (0, 1))
) STRICT;

CREATE TABLE person (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'team')),
    mail TEXT,
    function TEXT,
    account_id BLOB REFERENCES account (id) ON DELETE SET NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT;

CREATE TABLE vendor (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT;

CREATE TABLE segment (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    trust TEXT NOT NULL CHECK (trust IN ('untrusted', 'public', 'internal', 'restricted')),
    microsegmented INTEGER NOT NULL CHECK (microsegmented IN (0, 1)),
    PRIMARY KEY (workspace_id, key)
) STRICT;

-- Lists of words without an order of their own (applies_to, action, elements, evidence) are JSON arrays.
CREATE TABLE control (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'firewall', 'acl', 'security_group', 'proxy', 'waf', 'rasp', 'nsc_other', 'ids', 'ips',
        'covert_channel_detection', 'endpoint_protection', 'anti_malware', 'fim', 'change_detection',
        'page_tamper_detection', 'change_approval', 'copy_prevention', 'isolation', 'mfa', 'session_recording',
        'rate_limit', 'velocity_check', 'device_signal', 'anomaly_score', 'step_up', 'manual_review',
        'alerting', 'log_review', 'log_change_detection', 'backup_restore', 'dlp', 'correlation_control',
        'certificate_pinning', 'physical', 'dual_control', 'other')),
    applies_to TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('enforce', 'detect', 'off')),
    status TEXT NOT NULL CHECK (status IN ('verified', 'unverified', 'failed')),
    last_change INTEGER,
    last_review INTEGER,
    last_tested INTEGER,
    frequency_days INTEGER,
    report_ref TEXT,
    PRIMARY KEY (workspace_id, key)
) STRICT;

CREATE TABLE control_between (
    workspace_id BLOB NOT NULL,
    control_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    segment_key TEXT NOT NULL,
    PRIMARY KEY (workspace_id, control_key, position),
    FOREIGN KEY (workspace_id, control_key) REFERENCES control (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, segment_key) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX control_between_by_segment ON control_between (workspace_id, segment_key);

CREATE TABLE link (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    rev INTEGER NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('open', 'filtered', 'denied')),
    control_key TEXT,
    PRIMARY KEY (workspace_id, a, b),
    CHECK (a <= b),
    FOREIGN KEY (workspace_id, a) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, b) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX link_by_b ON link (workspace_id, b);

CREATE TABLE system (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'web', 'api', 'service', 'mobile_backend', 'function_runtime', 'database', 'object_store', 'file_share',
        'cache', 'vault', 'kms', 'hsm', 'secrets_manager', 'queue', 'dead_letter', 'log_sink', 'siem',
        'monitoring', 'backup', 'warehouse', 'recorder', 'workstation', 'laptop', 'mobile', 'tablet', 'poi',
        'atm', 'printer', 'jump_host', 'bastion', 'vpn', 'vdi', 'pam', 'ztna', 'cicd', 'code_repo',
        'artifact_repo', 'orchestrator', 'nsc', 'firewall', 'waf', 'ids', 'cdn', 'load_balancer', 'api_gateway',
        'proxy', 'switch', 'router', 'wireless_ap', 'network_device', 'network_carrier', 'hypervisor',
        'container_host', 'idp', 'directory', 'dns', 'time', 'mail', 'chat', 'ticketing', 'telephony', 'voip',
        'edr', 'scanner', 'physical_access', 'saas', 'psp', 'acquirer', 'processor', 'card_network',
        'tokenisation_provider', 'p2pe_provider', 'consumer_browser', 'consumer_app', 'paper', 'other')),
    function TEXT NOT NULL CHECK (function IN (
        'storefront', 'api_edge', 'checkout', 'payment', 'tokenisation', 'key_management', 'order', 'refund',
        'payout', 'settlement', 'reconciliation', 'fraud', 'webhook', 'crm', 'erp', 'support', 'marketing',
        'bi', 'analytics', 'messaging', 'logging', 'monitoring', 'identity', 'administration', 'backup',
        'network', 'development', 'other')),
    boundary TEXT NOT NULL CHECK (boundary IN ('own', 'third_party', 'external')),
    vendor_key TEXT,
    operated_by TEXT,
    environment TEXT NOT NULL CHECK (environment IN ('prod', 'preprod', 'test', 'dev', 'dr')),
    segment_key TEXT,
    lifecycle TEXT NOT NULL CHECK (lifecycle IN ('planned', 'live', 'retiring', 'retired')),
    disposed INTEGER NOT NULL CHECK (disposed IN (0, 1)),
    payment_page TEXT NOT NULL CHECK (payment_page IN (
        'none', 'redirect', 'iframe', 'direct_post', 'js_form', 'merchant_form')),
    relay INTEGER CHECK (relay IN (0, 1)),
    sealed_scd INTEGER NOT NULL CHECK (sealed_scd IN (0, 1)),
    exposure TEXT CHECK (exposure IN ('internet', 'internal')),
    detect_minutes INTEGER,
    undeclared INTEGER NOT NULL CHECK (undeclared IN (0, 1)),
    PRIMARY KEY (workspace_id, key),
    FOREIGN KEY (workspace_id, vendor_key) REFERENCES vendor (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, operated_by) REFERENCES vendor (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, segment_key) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX system_by_segment ON system (workspace_id, segment_key);
CREATE INDEX system_by_vendor ON system (workspace_id, vendor_key);
CREATE INDEX system_by_operator ON system (workspace_id, operated_by);

CREATE TABLE holding (
    workspace_id BLOB NOT NULL,
    system_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    element TEXT NOT NULL,
    form TEXT NOT NULL CHECK (form IN (
        'clear', 'masked', 'truncated', 'tokenised', 'network_token', 'encrypted', 'hashed', 'unknown')),
    op_store INTEGER NOT NULL CHECK (op_store IN (0, 1)),
    op_process INTEGER NOT NULL CHECK (op_process IN (0, 1)),
    op_transmit INTEGER NOT NULL CHECK (op_transmit IN (0, 1)),
    crypto_key TEXT,
    token_domain TEXT,
    algorithm TEXT CHECK (algorithm IN ('hmac', 'cmac', 'gmac', 'sha256', 'other')),
    mask TEXT,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    phase TEXT NOT NULL CHECK (phase IN ('pre_auth', 'post_auth', 'unknown')),
    records INTEGER CHECK (records >= 0),
    population TEXT,
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE capability (
    workspace_id BLOB NOT NULL,
    system_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('vault', 'detokenise')),
    token_domain TEXT,
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE copies (
    workspace_id BLOB NOT NULL,
    system_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    source_key TEXT NOT NULL,
    encrypt_key TEXT,
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, source_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX copies_by_source ON copies (workspace_id, source_key);

CREATE TABLE manages (
    workspace_id BLOB NOT NULL,
    system_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    target_system TEXT,
    target_segment TEXT,
    how TEXT NOT NULL CHECK (how IN (
        'admin', 'auth', 'mfa', 'deploy', 'patch', 'av', 'virtualization', 'kms', 'secrets', 'segmentation',
        'waf', 'dns', 'page_script', 'page_content', 'log', 'ntp', 'ids', 'monitor', 'physical')),
    PRIMARY KEY (workspace_id, system_key, position),
    CHECK ((target_system IS NULL) <> (target_segment IS NULL)),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, target_system) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, target_segment) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX manages_by_system ON manages (workspace_id, target_system);
CREATE INDEX manages_by_segment ON manages (workspace_id, target_segment);

-- The key of a control, or a type of control.
CREATE TABLE system_control (
    workspace_id BLOB NOT NULL,
    system_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    control TEXT NOT NULL,
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE crypto_key (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    usage TEXT NOT NULL CHECK (usage IN ('decrypt', 'hmac', 'sign', 'kek')),
    p2pe_listed INTEGER NOT NULL CHECK (p2pe_listed IN (0, 1)),
    attested INTEGER NOT NULL CHECK (attested IN (0, 1)),
    PRIMARY KEY (workspace_id, key)
) STRICT;

CREATE TABLE crypto_key_holder (
    workspace_id BLOB NOT NULL,
    crypto_key TEXT NOT NULL,
    system_key TEXT NOT NULL,
    PRIMARY KEY (workspace_id, crypto_key, system_key),
    FOREIGN KEY (workspace_id, crypto_key) REFERENCES crypto_key (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX crypto_key_holder_by_system ON crypto_key_holder (workspace_id, system_key);

-- `bound` says that the credential works from the systems of credential_bound_to only, even where there is none.
CREATE TABLE credential (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'user', 'admin', 'service', 'application', 'api_key', 'token', 'oauth_client', 'certificate', 'ssh_key',
        'webhook_secret', 'remote_access', 'break_glass', 'vendor_default', 'test', 'other')),
    bound INTEGER NOT NULL CHECK (bound IN (0, 1)),
    mfa INTEGER NOT NULL CHECK (mfa IN (0, 1)),
    ttl_minutes INTEGER,
    non_exportable INTEGER NOT NULL CHECK (non_exportable IN (0, 1)),
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    location TEXT NOT NULL CHECK (location IN (
        'vault', 'hsm', 'kms', 'env', 'config', 'repo', 'ci', 'script', 'plain', 'unknown')),
    PRIMARY KEY (workspace_id, key)
) STRICT;

CREATE TABLE credential_held_by (
    workspace_id BLOB NOT NULL,
    credential_key TEXT NOT NULL,
    system_key TEXT NOT NULL,
    PRIMARY KEY (workspace_id, credential_key, system_key),
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX credential_held_by_by_system ON credential_held_by (workspace_id, system_key);

CREATE TABLE credential_bound_to (
    workspace_id BLOB NOT NULL,
    credential_key TEXT NOT NULL,
    system_key TEXT NOT NULL,
    PRIMARY KEY (workspace_id, credential_key, system_key),
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX credential_bound_to_by_system ON credential_bound_to (workspace_id, system_key);

CREATE TABLE credential_grant (
    workspace_id BLOB NOT NULL,
    credential_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    system_key TEXT NOT NULL,
    privilege TEXT NOT NULL CHECK (privilege IN ('read', 'act', 'admin', 'detokenise', 'decrypt')),
    action TEXT NOT NULL,
    elements TEXT,
    token_domain TEXT,
    PRIMARY KEY (workspace_id, credential_key, position),
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX credential_grant_by_system ON credential_grant (workspace_id, system_key);

CREATE TABLE flow (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    from_key TEXT NOT NULL,
    to_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'api', 'webhook', 'webhook_echo', 'batch', 'file', 'queue', 'retry', 'dlq', 'log', 'error', 'analytics',
        'replay', 'support', 'message', 'script', 'admin', 'backup', 'cdc')),
    protocol TEXT NOT NULL CHECK (protocol IN (
        'https', 'http', 'grpc', 'mtls_tcp', 'tcp', 'udp', 'ssh', 'sftp', 'ftp', 'ftps', 'telnet', 'rdp', 'vnc',
        'smtp', 'smtps', 'imap', 'chat', 'sms', 'messaging', 'ldap', 'ldaps', 'snmpv1', 'snmpv2', 'snmpv3',
        'smbv1', 'smb', 'nfs', 'syslog', 'syslog-tls', 'amqp', 'amqps', 'kafka', 'kafka-tls', 'postgres',
        'postgres-tls', 'mysql', 'mysql-tls', 'pkcs11', 'ntp', 'dns', 'iso8583', 'p2pe', 'phone', 'paper',
        'any', 'other', 'unknown')),
    auth TEXT NOT NULL CHECK (auth IN (
        'none', 'password', 'password_mfa', 'api_key', 'oauth', 'mtls', 'ssh_key', 'signature', 'kerberos',
        'saml', 'other', 'unknown')),
    credential_key TEXT,
    encryption TEXT NOT NULL CHECK (encryption IN ('none', 'transport', 'message', 'both', 'unknown')),
    initiator TEXT NOT NULL CHECK (initiator IN ('from', 'to', 'both')),
    channel TEXT NOT NULL CHECK (channel IN ('network', 'offline')),
    access TEXT NOT NULL CHECK (access IN ('restricted', 'unrestricted', 'blocked')),
    control_record TEXT,
    control_kind TEXT,
    control_status TEXT CHECK (control_status IN ('verified', 'unverified', 'failed')),
    stage TEXT NOT NULL CHECK (stage IN ('planned', 'live', 'retiring', 'retired')),
    page_key TEXT,
    connector TEXT,
    action TEXT NOT NULL,
    sync TEXT CHECK (sync IN ('sync', 'async', 'batch')),
    latency_seconds INTEGER,
    period_minutes INTEGER,
    PRIMARY KEY (workspace_id, key),
    CHECK ((control_kind IS NULL) = (control_status IS NULL)),
    CHECK (control_record IS NULL OR control_kind IS NULL),
    FOREIGN KEY (workspace_id, from_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, to_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, page_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX flow_by_from ON flow (workspace_id, from_key);
CREATE INDEX flow_by_to ON flow (workspace_id, to_key);
CREATE INDEX flow_by_page ON flow (workspace_id, page_key);
CREATE INDEX flow_by_credential ON flow (workspace_id, credential_key);

CREATE TABLE flow_field (
    workspace_id BLOB NOT NULL,
    flow_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    element TEXT NOT NULL,
    form TEXT NOT NULL CHECK (form IN (
        'clear', 'masked', 'truncated', 'tokenised', 'network_token', 'encrypted', 'hashed', 'unknown')),
    op_store INTEGER NOT NULL CHECK (op_store IN (0, 1)),
    op_process INTEGER NOT NULL CHECK (op_process IN (0, 1)),
    op_transmit INTEGER NOT NULL CHECK (op_transmit IN (0, 1)),
    crypto_key TEXT,
    token_domain TEXT,
    algorithm TEXT CHECK (algorithm IN ('hmac', 'cmac', 'gmac', 'sha256', 'other')),
    mask TEXT,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    phase TEXT NOT NULL CHECK (phase IN ('pre_auth', 'post_auth', 'unknown')),
    records INTEGER CHECK (records >= 0),
    population TEXT,
    PRIMARY KEY (workspace_id, flow_key, position),
    FOREIGN KEY (workspace_id, flow_key) REFERENCES flow (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE wire_name (
    workspace_id BLOB NOT NULL,
    flow_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    dismissed INTEGER NOT NULL CHECK (dismissed IN (0, 1)),
    PRIMARY KEY (workspace_id, flow_key, position),
    FOREIGN KEY (workspace_id, flow_key) REFERENCES flow (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE via (
    workspace_id BLOB NOT NULL,
    flow_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    node_key TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('inspect', 'passthrough')),
    PRIMARY KEY (workspace_id, flow_key, position),
    FOREIGN KEY (workspace_id, flow_key) REFERENCES flow (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, node_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX via_by_node ON via (workspace_id, node_key);

CREATE TABLE scope_override (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    system_key TEXT NOT NULL,
    number INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('cde', 'security_impacting', 'connected_to', 'out_of_scope')),
    justification TEXT NOT NULL,
    evidence TEXT NOT NULL,
    author TEXT,
    approver TEXT,
    role TEXT,
    decided_at INTEGER,
    expires INTEGER,
    fingerprint TEXT,
    stale INTEGER NOT NULL CHECK (stale IN (0, 1)),
    PRIMARY KEY (workspace_id, system_key, number),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Objects that consist of facts only.
CREATE TABLE record (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
        'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
        'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
        'access_group', 'holding', 'flow_field', 'grant')),
    key TEXT NOT NULL,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind, key)
) STRICT;

-- Registered facts of any object. `part` is -1 for the object itself, else the position of the part
-- (holding, field of a flow, grant) whose kind is `object_kind`. `value` is JSON.
CREATE TABLE fact (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    object_kind TEXT NOT NULL CHECK (object_kind IN (
        'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
        'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
        'access_group', 'holding', 'flow_field', 'grant')),
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

-- The scope of the current revision as of the day of the last write. `verdict` is the whole verdict as JSON.
CREATE TABLE verdict (
    workspace_id BLOB NOT NULL,
    system_key TEXT NOT NULL,
    category TEXT NOT NULL CHECK (category IN (
        'cde', 'security_impacting', 'connected_to', 'out_of_scope', 'third_party', 'external', 'not_live')),
    sub TEXT CHECK (sub IN (
        'data', 'adjacent', 'segmented', 'isolated', 'account_data', 'security', 'access', 'encrypted_only',
        'none')),
    rule TEXT CHECK (rule IN (
        'O-UP', 'D-PAN-CLEAR', 'D-SAD', 'D-PAN-UNKNOWN', 'D-ENC-SELF-KEY', 'D-ENC-ENTITY-KEY', 'D-ENC-UNPROVEN',
        'D-TOKEN-DETOK', 'D-HASH-UNKEYED', 'D-HASH-KEY', 'D-TRUNC-EXCESS', 'A-ZONE', 'A-UNRESTRICTED', 'I-PAGE',
        'I-KEYS', 'I-MANAGES', 'I-MANAGES-INDIRECT', 'C-DIRECT', 'C-VIA', 'C-VAULT', 'C-ZONE', 'C-RELAY',
        'O-DOWN', 'N-SEGMENTED', 'N-ISOLATED', 'T-DATA', 'T-SECURITY', 'T-ACCESS', 'T-ENC', 'T-NONE')),
    verdict TEXT NOT NULL,
    PRIMARY KEY (workspace_id, system_key),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- What the write that made a revision did, to tell it after the redirect. `scope_changes` is JSON.
CREATE TABLE change_receipt (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    objects INTEGER NOT NULL,
    scope_changes TEXT NOT NULL,
    PRIMARY KEY (workspace_id, revision)
) STRICT;

-- Files that were read and wait for their confirmation.
CREATE TABLE staged_import (
    workspace_id BLOB NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    file_name TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT;
CREATE INDEX staged_import_by_age ON staged_import (workspace_id, created_at);
