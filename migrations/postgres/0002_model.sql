-- The model of a workspace. Every object carries the revision at which it changed last. References between
-- objects contain the workspace, so that none can lead into another one. What the model itself allows to point
-- at nothing (keys, token domains, connectors, controls of links and flows) is a text without a reference.

CREATE TABLE model_settings (
    workspace_id UUID NOT NULL PRIMARY KEY REFERENCES workspace (id) ON DELETE CASCADE,
    rev BIGINT NOT NULL,
    view TEXT COLLATE "C" NOT NULL CHECK (view IN ('current', 'target')),
    strict_flat BOOLEAN NOT NULL,
    as_of BIGINT NOT NULL,
    service_provider BOOLEAN NOT NULL
);

CREATE TABLE person (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person', 'team')),
    mail TEXT COLLATE "C",
    function TEXT COLLATE "C",
    account_id UUID REFERENCES account (id) ON DELETE SET NULL,
    PRIMARY KEY (workspace_id, key)
);

CREATE TABLE vendor (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

CREATE TABLE segment (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    trust TEXT COLLATE "C" NOT NULL CHECK (trust IN ('untrusted', 'public', 'internal', 'restricted')),
    microsegmented BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- Lists of words without an order of their own (applies_to, action, elements, evidence) are JSON arrays.
CREATE TABLE control (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'firewall', 'acl', 'security_group', 'proxy', 'waf', 'rasp', 'nsc_other', 'ids', 'ips',
        'covert_channel_detection', 'endpoint_protection', 'anti_malware', 'fim', 'change_detection',
        'page_tamper_detection', 'change_approval', 'copy_prevention', 'isolation', 'mfa', 'session_recording',
        'rate_limit', 'velocity_check', 'device_signal', 'anomaly_score', 'step_up', 'manual_review',
        'alerting', 'log_review', 'log_change_detection', 'backup_restore', 'dlp', 'correlation_control',
        'certificate_pinning', 'physical', 'dual_control', 'other')),
    applies_to TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('enforce', 'detect', 'off')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('verified', 'unverified', 'failed')),
    last_change BIGINT,
    last_review BIGINT,
    last_tested BIGINT,
    frequency_days BIGINT,
    report_ref TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, key)
);

CREATE TABLE control_between (
    workspace_id UUID NOT NULL,
    control_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    segment_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, control_key, position),
    FOREIGN KEY (workspace_id, control_key) REFERENCES control (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, segment_key) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX control_between_by_segment ON control_between (workspace_id, segment_key);

CREATE TABLE link (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    a TEXT COLLATE "C" NOT NULL,
    b TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    policy TEXT COLLATE "C" NOT NULL CHECK (policy IN ('open', 'filtered', 'denied')),
    control_key TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, a, b),
    CHECK (a <= b),
    FOREIGN KEY (workspace_id, a) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, b) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX link_by_b ON link (workspace_id, b);

CREATE TABLE system (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'web', 'api', 'service', 'mobile_backend', 'function_runtime', 'database', 'object_store', 'file_share',
        'cache', 'vault', 'kms', 'hsm', 'secrets_manager', 'queue', 'dead_letter', 'log_sink', 'siem',
        'monitoring', 'backup', 'warehouse', 'recorder', 'workstation', 'laptop', 'mobile', 'tablet', 'poi',
        'atm', 'printer', 'jump_host', 'bastion', 'vpn', 'vdi', 'pam', 'ztna', 'cicd', 'code_repo',
        'artifact_repo', 'orchestrator', 'nsc', 'firewall', 'waf', 'ids', 'cdn', 'load_balancer', 'api_gateway',
        'proxy', 'switch', 'router', 'wireless_ap', 'network_device', 'network_carrier', 'hypervisor',
        'container_host', 'idp', 'directory', 'dns', 'time', 'mail', 'chat', 'ticketing', 'telephony', 'voip',
        'edr', 'scanner', 'physical_access', 'saas', 'psp', 'acquirer', 'processor', 'card_network',
        'tokenisation_provider', 'p2pe_provider', 'consumer_browser', 'consumer_app', 'paper', 'other')),
    function TEXT COLLATE "C" NOT NULL CHECK (function IN (
        'storefront', 'api_edge', 'checkout', 'payment', 'tokenisation', 'key_management', 'order', 'refund',
        'payout', 'settlement', 'reconciliation', 'fraud', 'webhook', 'crm', 'erp', 'support', 'marketing',
        'bi', 'analytics', 'messaging', 'logging', 'monitoring', 'identity', 'administration', 'backup',
        'network', 'development', 'other')),
    boundary TEXT COLLATE "C" NOT NULL CHECK (boundary IN ('own', 'third_party', 'external')),
    vendor_key TEXT COLLATE "C",
    operated_by TEXT COLLATE "C",
    environment TEXT COLLATE "C" NOT NULL CHECK (environment IN ('prod', 'preprod', 'test', 'dev', 'dr')),
    segment_key TEXT COLLATE "C",
    lifecycle TEXT COLLATE "C" NOT NULL CHECK (lifecycle IN ('planned', 'live', 'retiring', 'retired')),
    disposed BOOLEAN NOT NULL,
    payment_page TEXT COLLATE "C" NOT NULL CHECK (payment_page IN (
        'none', 'redirect', 'iframe', 'direct_post', 'js_form', 'merchant_form')),
    relay BOOLEAN,
    sealed_scd BOOLEAN NOT NULL,
    exposure TEXT COLLATE "C" CHECK (exposure IN ('internet', 'internal')),
    detect_minutes BIGINT,
    undeclared BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, key),
    FOREIGN KEY (workspace_id, vendor_key) REFERENCES vendor (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, operated_by) REFERENCES vendor (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, segment_key) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX system_by_segment ON system (workspace_id, segment_key);
CREATE INDEX system_by_vendor ON system (workspace_id, vendor_key);
CREATE INDEX system_by_operator ON system (workspace_id, operated_by);

CREATE TABLE holding (
    workspace_id UUID NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    element TEXT COLLATE "C" NOT NULL,
    form TEXT COLLATE "C" NOT NULL CHECK (form IN (
        'clear', 'masked', 'truncated', 'tokenised', 'network_token', 'encrypted', 'hashed', 'unknown')),
    op_store BOOLEAN NOT NULL,
    op_process BOOLEAN NOT NULL,
    op_transmit BOOLEAN NOT NULL,
    crypto_key TEXT COLLATE "C",
    token_domain TEXT COLLATE "C",
    algorithm TEXT COLLATE "C" CHECK (algorithm IN ('hmac', 'cmac', 'gmac', 'sha256', 'other')),
    mask TEXT COLLATE "C",
    live BOOLEAN NOT NULL,
    phase TEXT COLLATE "C" NOT NULL CHECK (phase IN ('pre_auth', 'post_auth', 'unknown')),
    records BIGINT CHECK (records >= 0),
    population TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE capability (
    workspace_id UUID NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('vault', 'detokenise')),
    token_domain TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE copies (
    workspace_id UUID NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    encrypt_key TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, source_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX copies_by_source ON copies (workspace_id, source_key);

CREATE TABLE manages (
    workspace_id UUID NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    target_system TEXT COLLATE "C",
    target_segment TEXT COLLATE "C",
    how TEXT COLLATE "C" NOT NULL CHECK (how IN (
        'admin', 'auth', 'mfa', 'deploy', 'patch', 'av', 'virtualization', 'kms', 'secrets', 'segmentation',
        'waf', 'dns', 'page_script', 'page_content', 'log', 'ntp', 'ids', 'monitor', 'physical')),
    PRIMARY KEY (workspace_id, system_key, position),
    CHECK ((target_system IS NULL) <> (target_segment IS NULL)),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, target_system) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, target_segment) REFERENCES segment (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX manages_by_system ON manages (workspace_id, target_system);
CREATE INDEX manages_by_segment ON manages (workspace_id, target_segment);

-- The key of a control, or a type of control.
CREATE TABLE system_control (
    workspace_id UUID NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    control TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, system_key, position),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE crypto_key (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    usage TEXT COLLATE "C" NOT NULL CHECK (usage IN ('decrypt', 'hmac', 'sign', 'kek')),
    p2pe_listed BOOLEAN NOT NULL,
    attested BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

CREATE TABLE crypto_key_holder (
    workspace_id UUID NOT NULL,
    crypto_key TEXT COLLATE "C" NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, crypto_key, system_key),
    FOREIGN KEY (workspace_id, crypto_key) REFERENCES crypto_key (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX crypto_key_holder_by_system ON crypto_key_holder (workspace_id, system_key);

-- `bound` says that the credential works from the systems of credential_bound_to only, even where there is none.
CREATE TABLE credential (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'user', 'admin', 'service', 'application', 'api_key', 'token', 'oauth_client', 'certificate', 'ssh_key',
        'webhook_secret', 'remote_access', 'break_glass', 'vendor_default', 'test', 'other')),
    bound BOOLEAN NOT NULL,
    mfa BOOLEAN NOT NULL,
    ttl_minutes BIGINT,
    non_exportable BOOLEAN NOT NULL,
    shared BOOLEAN NOT NULL,
    location TEXT COLLATE "C" NOT NULL CHECK (location IN (
        'vault', 'hsm', 'kms', 'env', 'config', 'repo', 'ci', 'script', 'plain', 'unknown')),
    PRIMARY KEY (workspace_id, key)
);

CREATE TABLE credential_held_by (
    workspace_id UUID NOT NULL,
    credential_key TEXT COLLATE "C" NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, credential_key, system_key),
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX credential_held_by_by_system ON credential_held_by (workspace_id, system_key);

CREATE TABLE credential_bound_to (
    workspace_id UUID NOT NULL,
    credential_key TEXT COLLATE "C" NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, credential_key, system_key),
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX credential_bound_to_by_system ON credential_bound_to (workspace_id, system_key);

CREATE TABLE credential_grant (
    workspace_id UUID NOT NULL,
    credential_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    privilege TEXT COLLATE "C" NOT NULL CHECK (privilege IN ('read', 'act', 'admin', 'detokenise', 'decrypt')),
    action TEXT COLLATE "C" NOT NULL,
    elements TEXT COLLATE "C",
    token_domain TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, credential_key, position),
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX credential_grant_by_system ON credential_grant (workspace_id, system_key);

CREATE TABLE flow (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    from_key TEXT COLLATE "C" NOT NULL,
    to_key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'api', 'webhook', 'webhook_echo', 'batch', 'file', 'queue', 'retry', 'dlq', 'log', 'error', 'analytics',
        'replay', 'support', 'message', 'script', 'admin', 'backup', 'cdc')),
    protocol TEXT COLLATE "C" NOT NULL CHECK (protocol IN (
        'https', 'http', 'grpc', 'mtls_tcp', 'tcp', 'udp', 'ssh', 'sftp', 'ftp', 'ftps', 'telnet', 'rdp', 'vnc',
        'smtp', 'smtps', 'imap', 'chat', 'sms', 'messaging', 'ldap', 'ldaps', 'snmpv1', 'snmpv2', 'snmpv3',
        'smbv1', 'smb', 'nfs', 'syslog', 'syslog-tls', 'amqp', 'amqps', 'kafka', 'kafka-tls', 'postgres',
        'postgres-tls', 'mysql', 'mysql-tls', 'pkcs11', 'ntp', 'dns', 'iso8583', 'p2pe', 'phone', 'paper',
        'any', 'other', 'unknown')),
    auth TEXT COLLATE "C" NOT NULL CHECK (auth IN (
        'none', 'password', 'password_mfa', 'api_key', 'oauth', 'mtls', 'ssh_key', 'signature', 'kerberos',
        'saml', 'other', 'unknown')),
    credential_key TEXT COLLATE "C",
    encryption TEXT COLLATE "C" NOT NULL CHECK (encryption IN ('none', 'transport', 'message', 'both', 'unknown')),
    initiator TEXT COLLATE "C" NOT NULL CHECK (initiator IN ('from', 'to', 'both')),
    channel TEXT COLLATE "C" NOT NULL CHECK (channel IN ('network', 'offline')),
    access TEXT COLLATE "C" NOT NULL CHECK (access IN ('restricted', 'unrestricted', 'blocked')),
    control_record TEXT COLLATE "C",
    control_kind TEXT COLLATE "C",
    control_status TEXT COLLATE "C" CHECK (control_status IN ('verified', 'unverified', 'failed')),
    stage TEXT COLLATE "C" NOT NULL CHECK (stage IN ('planned', 'live', 'retiring', 'retired')),
    page_key TEXT COLLATE "C",
    connector TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    sync TEXT COLLATE "C" CHECK (sync IN ('sync', 'async', 'batch')),
    latency_seconds BIGINT,
    period_minutes BIGINT,
    PRIMARY KEY (workspace_id, key),
    CHECK ((control_kind IS NULL) = (control_status IS NULL)),
    CHECK (control_record IS NULL OR control_kind IS NULL),
    FOREIGN KEY (workspace_id, from_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, to_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, page_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, credential_key) REFERENCES credential (workspace_id, key)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX flow_by_from ON flow (workspace_id, from_key);
CREATE INDEX flow_by_to ON flow (workspace_id, to_key);
CREATE INDEX flow_by_page ON flow (workspace_id, page_key);
CREATE INDEX flow_by_credential ON flow (workspace_id, credential_key);

CREATE TABLE flow_field (
    workspace_id UUID NOT NULL,
    flow_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    element TEXT COLLATE "C" NOT NULL,
    form TEXT COLLATE "C" NOT NULL CHECK (form IN (
        'clear', 'masked', 'truncated', 'tokenised', 'network_token', 'encrypted', 'hashed', 'unknown')),
    op_store BOOLEAN NOT NULL,
    op_process BOOLEAN NOT NULL,
    op_transmit BOOLEAN NOT NULL,
    crypto_key TEXT COLLATE "C",
    token_domain TEXT COLLATE "C",
    algorithm TEXT COLLATE "C" CHECK (algorithm IN ('hmac', 'cmac', 'gmac', 'sha256', 'other')),
    mask TEXT COLLATE "C",
    live BOOLEAN NOT NULL,
    phase TEXT COLLATE "C" NOT NULL CHECK (phase IN ('pre_auth', 'post_auth', 'unknown')),
    records BIGINT CHECK (records >= 0),
    population TEXT COLLATE "C",
    PRIMARY KEY (workspace_id, flow_key, position),
    FOREIGN KEY (workspace_id, flow_key) REFERENCES flow (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE wire_name (
    workspace_id UUID NOT NULL,
    flow_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    dismissed BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, flow_key, position),
    FOREIGN KEY (workspace_id, flow_key) REFERENCES flow (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE via (
    workspace_id UUID NOT NULL,
    flow_key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    node_key TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('inspect', 'passthrough')),
    PRIMARY KEY (workspace_id, flow_key, position),
    FOREIGN KEY (workspace_id, flow_key) REFERENCES flow (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (workspace_id, node_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX via_by_node ON via (workspace_id, node_key);

CREATE TABLE scope_override (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    system_key TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    category TEXT COLLATE "C" NOT NULL CHECK (category IN ('cde', 'security_impacting', 'connected_to', 'out_of_scope')),
    justification TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C",
    approver TEXT COLLATE "C",
    role TEXT COLLATE "C",
    decided_at BIGINT,
    expires BIGINT,
    fingerprint TEXT COLLATE "C",
    stale BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, system_key, number),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key) DEFERRABLE INITIALLY DEFERRED
);

-- Objects that consist of facts only.
CREATE TABLE record (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN (
        'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
        'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
        'access_group', 'holding', 'flow_field', 'grant')),
    key TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, kind, key)
);

-- Registered facts of any object. `part` is -1 for the object itself, else the position of the part
-- (holding, field of a flow, grant) whose kind is `object_kind`. `value` is JSON.
CREATE TABLE fact (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    object_kind TEXT COLLATE "C" NOT NULL CHECK (object_kind IN (
        'settings', 'person', 'vendor', 'segment', 'control', 'link', 'system', 'key', 'credential', 'flow',
        'override', 'connector', 'certificate', 'token_domain', 'element_policy', 'page', 'script',
        'access_group', 'holding', 'flow_field', 'grant')),
    object_key TEXT COLLATE "C" NOT NULL,
    part BIGINT NOT NULL CHECK (part >= -1),
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C",
    as_of BIGINT,
    confirmed_by TEXT COLLATE "C",
    valid_until BIGINT,
    PRIMARY KEY (workspace_id, object_kind, object_key, part, name)
);

-- The scope of the current revision as of the day of the last write. `verdict` is the whole verdict as JSON.
CREATE TABLE verdict (
    workspace_id UUID NOT NULL,
    system_key TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL CHECK (category IN (
        'cde', 'security_impacting', 'connected_to', 'out_of_scope', 'third_party', 'external', 'not_live')),
    sub TEXT COLLATE "C" CHECK (sub IN (
        'data', 'adjacent', 'segmented', 'isolated', 'account_data', 'security', 'access', 'encrypted_only',
        'none')),
    rule TEXT COLLATE "C" CHECK (rule IN (
        'O-UP', 'D-PAN-CLEAR', 'D-SAD', 'D-PAN-UNKNOWN', 'D-ENC-SELF-KEY', 'D-ENC-ENTITY-KEY', 'D-ENC-UNPROVEN',
        'D-TOKEN-DETOK', 'D-HASH-UNKEYED', 'D-HASH-KEY', 'D-TRUNC-EXCESS', 'A-ZONE', 'A-UNRESTRICTED', 'I-PAGE',
        'I-KEYS', 'I-MANAGES', 'I-MANAGES-INDIRECT', 'C-DIRECT', 'C-VIA', 'C-VAULT', 'C-ZONE', 'C-RELAY',
        'O-DOWN', 'N-SEGMENTED', 'N-ISOLATED', 'T-DATA', 'T-SECURITY', 'T-ACCESS', 'T-ENC', 'T-NONE')),
    verdict TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, system_key),
    FOREIGN KEY (workspace_id, system_key) REFERENCES system (workspace_id, key)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

-- What the write that made a revision did, to tell it after the redirect. `scope_changes` is JSON.
CREATE TABLE change_receipt (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    objects BIGINT NOT NULL,
    scope_changes TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, revision)
);

-- Files that were read and wait for their confirmation.
CREATE TABLE staged_import (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);
CREATE INDEX staged_import_by_age ON staged_import (workspace_id, created_at);
