-- Invitations, engagements of auditors, and workspaces that are archived or deleted.

ALTER TABLE workspace ADD COLUMN archived_at BIGINT;
-- The row of a deleted workspace stays, empty, because its audit trail refers to it; its key is never given again.
ALTER TABLE workspace ADD COLUMN deleted_at BIGINT;

-- The days of an auditor's engagement, first and last. Without them a membership has no end.
ALTER TABLE member ADD COLUMN engaged_from BIGINT;
ALTER TABLE member ADD COLUMN engaged_until BIGINT;

-- At most one open invitation per address: a newer one replaces it. The token itself is never stored. Who invited is
-- a member, and an invitation goes with that membership.
CREATE TABLE invitation (
    workspace_id UUID NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    mail TEXT COLLATE "C" NOT NULL,
    mail_folded TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'reviewer', 'viewer', 'auditor')),
    tier BIGINT NOT NULL CHECK (tier BETWEEN 1 AND 4),
    engaged_from BIGINT,
    engaged_until BIGINT,
    invited_by UUID NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key),
    UNIQUE (workspace_id, mail_folded),
    FOREIGN KEY (workspace_id, invited_by) REFERENCES member (workspace_id, account_id) ON DELETE CASCADE
);

-- An account is one person of a workspace, and a person has at most one account.
CREATE UNIQUE INDEX person_by_account ON person (workspace_id, account_id);
