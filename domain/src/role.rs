//! Who may do what. The whole policy is [`Role::may`].

use crate::text::text_enum;

text_enum! {
    /// The role of a member in one workspace.
    Role {
        Owner = "owner": "Owner",
        Admin = "admin": "Administrator",
        Editor = "editor": "Editor (security)",
        Reviewer = "reviewer": "Reviewer (product owner)",
        Viewer = "viewer": "Viewer",
        Auditor = "auditor": "Auditor",
    }
}

text_enum! {
    /// Something a member may be allowed to do.
    Capability {
        ReadModel = "read_model": "See the map and the inventory",
        ExportModel = "export_model": "Export the model",
        EditModel = "edit_model": "Change systems, flows and what belongs to them",
        ImportModel = "import_model": "Import files into the model",
        ManageWorkspace = "manage_workspace": "Rename the workspace and change its settings",
        ReadAudit = "read_audit": "Read the audit trail",
        MakeTokens = "make_tokens": "Make API tokens, and end one's own",
        ManageTokens = "manage_tokens": "See and end the API tokens of others",
    }
}

impl Role {
    /// Whether a member of this role has the capability.
    #[must_use]
    pub const fn may(self, capability: Capability) -> bool {
        match (self, capability) {
            (Self::Owner | Self::Admin, _) => true,
            (Self::Editor, capability) => match capability {
                Capability::ReadModel
                | Capability::ExportModel
                | Capability::EditModel
                | Capability::ImportModel
                | Capability::ReadAudit
                | Capability::MakeTokens => true,
                Capability::ManageWorkspace | Capability::ManageTokens => false,
            },
            (Self::Reviewer | Self::Viewer, capability) => match capability {
                Capability::ReadModel | Capability::ExportModel => true,
                Capability::EditModel
                | Capability::ImportModel
                | Capability::ManageWorkspace
                | Capability::ReadAudit
                | Capability::MakeTokens
                | Capability::ManageTokens => false,
            },
            // An auditor sees sealed snapshots and packs only, never the live model.
            (Self::Auditor, _) => false,
        }
    }
}
