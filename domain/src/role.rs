//! Who may do what, and who may make somebody what.
//!
//! The whole policy is the matrix in [`Role::may`] and the rule in [`grant_role`]. `docs/roles.md` is written from them.

mod form;

pub use form::{STANDING_FIELDS, standing_from_form, standing_to_form};

use crate::problem::{FieldCode, Problem};
use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// The role of a member in one workspace. Whoever administers the instance has none by that.
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
        ReadModel = "read_model": "See the map, the inventory and the people in it; an auditor sees them as they were signed last",
        ReadWorking = "read_working": "See what is being worked on: the model of now, findings, risks, incidents, schedules, reviews that are open",
        ReadAddresses = "read_addresses": "See the mail addresses of the people in the inventory",
        ExportModel = "export_model": "Export the model",
        EditModel = "edit_model": "Change systems, flows and what belongs to them",
        Comment = "comment": "Read and write comments, and change and delete one's own",
        SaveViews = "save_views": "Keep views of lists for oneself; who changes the model shares them as well",
        ImportModel = "import_model": "Import files into the model",
        RaiseConcern = "raise_concern": "Raise a concern about any object",
        TriageFindings = "triage_findings": "Say who deals with a finding and by when, and decide about it",
        ApproveFindings = "approve_findings": "Approve or turn down, as a second person, a decision about a finding, up to the own tier",
        AcceptRisks = "accept_risks": "Ask for the acceptance of a risk, and approve or reject, up to the own tier, what others ask for",
        Review = "review": "Open reviews, say what is right in them, and sign where one was named",
        ManagePeople = "manage_people": "Add, change and delete people and teams",
        ReadMembers = "read_members": "See who is a member, with which role",
        ManageMembers = "manage_members": "Invite and remove members, change their roles, none above the own, and link them to people; see addresses",
        ReadAudit = "read_audit": "Read the audit trail",
        AskForEvidence = "ask_for_evidence": "Ask for evidence, draw samples, and write about a request",
        ReadProposals = "read_proposals": "See proposals of changes",
        ReviewProposals = "review_proposals": "Approve a proposal for a system that one answers for",
        ConfirmFlows = "confirm_flows": "Say what a flow carries, for the end whose system one answers for",
        MakeTokens = "make_tokens": "Make API tokens, and end one's own",
        ManageTokens = "manage_tokens": "See and end the API tokens of others",
        ManageWorkspace = "manage_workspace": "Rename the workspace and change its settings",
        ArchiveWorkspace = "archive_workspace": "Archive the workspace and restore it",
        DeleteWorkspace = "delete_workspace": "Delete the workspace",
        HandOverWorkspace = "hand_over_workspace": "Hand the workspace over to another member",
    }
}

impl Capability {
    /// Whether it only looks: what an archived workspace still allows.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        match self {
            Self::ReadModel
            | Self::ReadWorking
            | Self::ReadAddresses
            | Self::ExportModel
            | Self::ReadMembers
            | Self::ReadAudit
            | Self::ReadProposals => true,
            Self::EditModel
            | Self::AskForEvidence
            | Self::Comment
            | Self::SaveViews
            | Self::ImportModel
            | Self::RaiseConcern
            | Self::TriageFindings
            | Self::ApproveFindings
            | Self::AcceptRisks
            | Self::Review
            | Self::ManagePeople
            | Self::ManageMembers
            | Self::ReviewProposals
            | Self::ConfirmFlows
            | Self::MakeTokens
            | Self::ManageTokens
            | Self::ManageWorkspace
            | Self::ArchiveWorkspace
            | Self::DeleteWorkspace
            | Self::HandOverWorkspace => false,
        }
    }

    /// Whether an archived workspace allows it: looking, and what ends the archiving one way or the other.
    #[must_use]
    pub const fn works_in_archive(self) -> bool {
        self.only_reads() || matches!(self, Self::ArchiveWorkspace | Self::DeleteWorkspace)
    }
}

impl Role {
    /// Whether a member of this role has the capability.
    #[must_use]
    pub const fn may(self, capability: Capability) -> bool {
        const YES: bool = true;
        const NO: bool = false;
        // An auditor reads and takes away what was signed, while engaged: nothing that is being worked on, no drafts, which
        // are what importing stages, no addresses, no trail of who did what. They ask, and change nothing else.
        let [owner, admin, editor, reviewer, viewer, auditor] = match capability {
            Capability::ReadModel => [YES, YES, YES, YES, YES, YES],
            Capability::ReadWorking => [YES, YES, YES, YES, YES, NO],
            Capability::ReadAddresses => [YES, YES, YES, YES, YES, NO],
            Capability::ExportModel => [YES, YES, YES, YES, YES, YES],
            Capability::EditModel => [YES, YES, YES, NO, NO, NO],
            // What is said in passing is no decision, so it is not among what an auditor is shown.
            Capability::Comment => [YES, YES, YES, YES, YES, NO],
            Capability::SaveViews => [YES, YES, YES, YES, YES, NO],
            Capability::ImportModel => [YES, YES, YES, NO, NO, NO],
            Capability::RaiseConcern => [YES, YES, YES, YES, YES, NO],
            Capability::TriageFindings => [YES, YES, YES, NO, NO, NO],
            Capability::ApproveFindings => [YES, YES, YES, YES, NO, NO],
            Capability::AcceptRisks => [YES, YES, YES, YES, NO, NO],
            Capability::Review => [YES, YES, YES, YES, NO, NO],
            Capability::ManagePeople => [YES, YES, YES, NO, NO, NO],
            Capability::ReadMembers => [YES, YES, YES, YES, YES, YES],
            Capability::ManageMembers => [YES, YES, NO, NO, NO, NO],
            Capability::ReadAudit => [YES, YES, YES, NO, NO, NO],
            Capability::AskForEvidence => [YES, YES, YES, YES, NO, YES],
            Capability::ReadProposals => [YES, YES, YES, YES, YES, NO],
            Capability::ReviewProposals => [YES, YES, YES, YES, NO, NO],
            Capability::ConfirmFlows => [YES, YES, YES, YES, NO, NO],
            Capability::MakeTokens => [YES, YES, YES, NO, NO, NO],
            Capability::ManageTokens => [YES, YES, NO, NO, NO, NO],
            Capability::ManageWorkspace => [YES, YES, NO, NO, NO, NO],
            Capability::ArchiveWorkspace => [YES, NO, NO, NO, NO, NO],
            Capability::DeleteWorkspace => [YES, NO, NO, NO, NO, NO],
            Capability::HandOverWorkspace => [YES, NO, NO, NO, NO, NO],
        };
        match self {
            Self::Owner => owner,
            Self::Admin => admin,
            Self::Editor => editor,
            Self::Reviewer => reviewer,
            Self::Viewer => viewer,
            Self::Auditor => auditor,
        }
    }

    /// How far up a role is. Viewers and auditors stand side by side: neither is above the other.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Owner => 5,
            Self::Admin => 4,
            Self::Editor => 3,
            Self::Reviewer => 2,
            Self::Viewer | Self::Auditor => 1,
        }
    }

    /// The approval tier of a new member who is given none.
    #[must_use]
    pub const fn usual_tier(self) -> Tier {
        match self {
            Self::Owner => Tier::VeryHigh,
            _ => Tier::Low,
        }
    }
}

text_enum! {
    /// Up to which level of risk a member may approve, where the role gives the right to approve at all.
    Tier {
        Low = "1": "1: low",
        Moderate = "2": "2: up to moderate",
        High = "3": "3: up to high",
        VeryHigh = "4": "4: up to very high",
    }
}

impl Tier {
    /// The number, 1 to 4.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Low => 1,
            Self::Moderate => 2,
            Self::High => 3,
            Self::VeryHigh => 4,
        }
    }

    /// The tier with this number.
    #[must_use]
    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|tier| tier.number() == number)
    }
}

/// The days on which an auditor is engaged, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Engagement {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
}

impl Engagement {
    /// Whether the day lies in it.
    #[must_use]
    pub fn covers(self, day: Day) -> bool {
        self.from <= day && day <= self.until
    }
}

/// What a member is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The role.
    pub role: Role,
    /// The approval tier.
    pub tier: Tier,
    /// The engagement; none of any other role than an auditor.
    pub engagement: Option<Engagement>,
}

impl Standing {
    /// A role with its usual tier and no end.
    #[must_use]
    pub const fn usual(role: Role) -> Self {
        Self { role, tier: role.usual_tier(), engagement: None }
    }
}

/// On whose word somebody becomes, changes or stops being a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granter {
    /// Whoever runs the program on the machine.
    Operator,
    /// A member, as they stand now.
    Member(Standing),
}

/// Decides whether a standing may become another one: `None` before is somebody new, `None` after a removal.
/// Every way into, through and out of a workspace asks here: invitation, acceptance, change, removal, handing over,
/// and the command line. `other_owners` counts the owners beside the one it is about.
///
/// Nobody grants a role above their own, or a tier above their own unless they own the workspace; nobody changes a
/// member whose role is above their own; the last owner stays.
///
/// # Errors
/// `Forbidden`, or `Invalid` with the field `role` where it is about the last owner.
pub fn grant_role(
    by: Granter,
    before: Option<Standing>,
    after: Option<Standing>,
    other_owners: usize,
) -> Result<(), Problem> {
    if let Granter::Member(own) = by {
        let above = |standing: Standing| {
            let raised = before.is_none_or(|before| standing.tier > before.tier);
            standing.role.rank() > own.role.rank() || (own.role != Role::Owner && raised && standing.tier > own.tier)
        };
        if !own.role.may(Capability::ManageMembers)
            || before.is_some_and(|before| before.role.rank() > own.role.rank())
            || after.is_some_and(above)
        {
            return Err(Problem::Forbidden);
        }
    }
    let was_owner = before.is_some_and(|before| before.role == Role::Owner);
    let stays_owner = after.is_some_and(|after| after.role == Role::Owner);
    if was_owner && !stays_owner && other_owners == 0 {
        return Err(Problem::field("role", FieldCode::LastOwner));
    }
    Ok(())
}

/// `docs/roles.md`, as the code has it.
#[must_use]
pub fn page() -> String {
    let heads: Vec<&str> = Role::ALL.iter().map(|role| role.label()).collect();
    let mut rows =
        format!("| May | {} | Instance administrator |\n|---|{}---|\n", heads.join(" | "), "---|".repeat(heads.len()));
    for capability in Capability::ALL {
        let cells: Vec<&str> = Role::ALL.iter().map(|role| if role.may(*capability) { "yes" } else { "no" }).collect();
        rows.push_str(&format!("| {} (`{capability}`) | {} | no |\n", capability.label(), cells.join(" | ")));
    }
    let tiers: String = Tier::ALL.iter().map(|tier| format!("- {}\n", tier.label())).collect();
    format!(
        "# Roles\n\n\
         Written from `domain/src/role.rs`; a test compares the two.\n\n\
         Each member of a workspace has one role in it. Whoever administers the instance can list, disable and enable \
         accounts, and sees nothing of a workspace without being a member of it.\n\n\
         {rows}\n\
         An auditor is a member for the days of an engagement. Before the first and after the last one the workspace does \
         not exist for them. While it lasts they read and export what was signed: every page shows the model of the last \
         seal, and only snapshots that a seal fixes can be looked at. What is being worked on is closed to them. They ask for \
         evidence and draw samples, and change nothing else; mail addresses of people are left out of whatever they see and \
         take away, and everything that they take away is noted in the audit trail with its hash.\n\n\
         Packs have the audit trail, of which a redacted one has the hashes only. Who may read the trail makes and takes \
         away every profile, who audits the one for auditors, whoever else the redacted one. A pack of a seal has all \
         files of evidence that were sealed: who audits gets those with it, also where their pages list only what they \
         were given.\n\n\
         ## Approval tiers\n\n\
         The role gives the right to approve, the tier of the member the limit:\n\n\
         {tiers}\n\
         ## Who may make somebody what\n\n\
         - Nobody grants a role above their own. Only owners grant a tier above their own.\n\
         - Nobody changes or removes a member whose role is above their own.\n\
         - The last owner can neither be removed nor be given another role.\n\
         - A change of role or tier, and a removal, end every session of that person.\n\
         - An invitation is checked again when it is accepted, against what the person who invited is by then.\n\
         - An archived workspace allows only what reads, restoring it, and deleting it.\n"
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn member(role: Role) -> Granter {
        Granter::Member(Standing::usual(role))
    }

    #[test]
    fn the_page_on_roles_says_what_the_matrix_says() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/roles.md");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, page()).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == page(), "docs/roles.md is out of date: run this test with UPDATE_EXPECT=1");
    }

    #[test]
    fn an_owner_may_everything_and_an_auditor_only_what_reads_and_asking() {
        for capability in Capability::ALL {
            assert!(Role::Owner.may(*capability), "{capability}");
            let asks = *capability == Capability::AskForEvidence;
            assert!(!Role::Auditor.may(*capability) || capability.only_reads() || asks, "{capability}");
        }
        let kept_from_auditors =
            [Capability::ReadWorking, Capability::ReadAddresses, Capability::ReadAudit, Capability::ReadProposals];
        let read: Vec<Capability> = Capability::ALL.iter().copied().filter(|it| it.only_reads()).collect();
        assert!(read.iter().all(|it| Role::Auditor.may(*it) != kept_from_auditors.contains(it)));
    }

    #[test]
    fn no_role_may_more_than_one_above_it() {
        for (high, low) in Role::ALL.iter().flat_map(|high| Role::ALL.iter().map(move |low| (*high, *low))) {
            if high.rank() > low.rank() {
                assert!(Capability::ALL.iter().all(|it| high.may(*it) || !low.may(*it)), "{high} {low}");
            }
        }
    }

    #[test]
    fn nobody_grants_above_their_own_role() {
        for (own, to) in Role::ALL.iter().flat_map(|own| Role::ALL.iter().map(move |to| (*own, *to))) {
            let outcome = grant_role(member(own), None, Some(Standing { tier: Tier::Low, ..Standing::usual(to) }), 1);
            let allowed = own.may(Capability::ManageMembers) && to.rank() <= own.rank();
            assert_eq!(outcome.is_ok(), allowed, "{own} makes {to}");
        }
    }

    #[test]
    fn nobody_changes_or_removes_a_member_above_their_own_role() {
        let viewer = Some(Standing::usual(Role::Viewer));
        for (own, was) in Role::ALL.iter().flat_map(|own| Role::ALL.iter().map(move |was| (*own, *was))) {
            let was = Standing::usual(was);
            let allowed = own.may(Capability::ManageMembers) && was.role.rank() <= own.rank();
            assert_eq!(grant_role(member(own), Some(was), viewer, 1).is_ok(), allowed, "{own} lowers {}", was.role);
            assert_eq!(grant_role(member(own), Some(was), None, 1).is_ok(), allowed, "{own} removes {}", was.role);
        }
    }

    #[test]
    fn a_tier_above_ones_own_is_an_owners_to_grant() {
        let admin = |tier| Granter::Member(Standing { tier, ..Standing::usual(Role::Admin) });
        let editor = |tier| Some(Standing { tier, ..Standing::usual(Role::Editor) });
        assert!(grant_role(admin(Tier::High), None, editor(Tier::High), 1).is_ok());
        assert_eq!(grant_role(admin(Tier::High), None, editor(Tier::VeryHigh), 1), Err(Problem::Forbidden));
        assert!(grant_role(admin(Tier::Low), editor(Tier::High), editor(Tier::High), 1).is_ok(), "it is kept");
        let modest_owner = Granter::Member(Standing { tier: Tier::Low, ..Standing::usual(Role::Owner) });
        assert!(grant_role(modest_owner, None, editor(Tier::VeryHigh), 1).is_ok());
    }

    #[test]
    fn the_last_owner_stays_whoever_asks() {
        let owner = Some(Standing::usual(Role::Owner));
        let refused = Err(Problem::field("role", FieldCode::LastOwner));
        for by in [Granter::Operator, member(Role::Owner)] {
            for after in [None, Some(Standing::usual(Role::Admin))] {
                assert_eq!(grant_role(by, owner, after, 0), refused);
                assert_eq!(grant_role(by, owner, after, 1), Ok(()));
            }
            assert_eq!(grant_role(by, owner, owner, 0), Ok(()));
        }
    }

    #[test]
    fn an_engagement_has_a_first_and_a_last_day() {
        let days = Engagement { from: Day(10), until: Day(12) };
        let covered: Vec<i32> = (8..15).filter(|day| days.covers(Day(*day))).collect();
        assert_eq!(covered, [10, 11, 12]);
    }
}
