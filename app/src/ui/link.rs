//! Paths of pages. Every key in a path or query is percent-encoded here and nowhere else.

use std::fmt::Write as _;

use domain::findings::Identity;
use domain::id::{AccountId, ElementId, FlowId, ImportId, PersonId, RecordId, SystemId, WorkspaceId};
use domain::incident::IncidentKey;
use domain::inventory::{Kind, address};
use domain::library::RequirementKey;
use domain::library::controls::IntegrationControl;
use domain::library::reference::{Framework, Standard};
use domain::model::object::{ObjectKind, ObjectRef};
use domain::notice::{Notice, Target};
use domain::proposal::ProposalKey;
use domain::review::{ReviewKey, SealKey};
use domain::risk::RiskKey;
use domain::schedule::ScheduleKey;
use domain::schedule::analysis::AnalysisKey;
use domain::schedule::assurance::ActivityKey;
use domain::schedule::calendar::{Entry, EntryKind};
use domain::snapshot::SnapshotKey;

/// The paths of one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: String,
    /// What the addresses of objects say beyond the path, such as `?proposal=prop-1`.
    kept: String,
}

impl Paths {
    /// Those of this workspace.
    #[must_use]
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { home: format!("/w/{}", encoded(workspace.as_str())), kept: String::new() }
    }

    /// The same, where every address of an object says one thing more.
    #[must_use]
    pub fn keeping(&self, name: &str, value: &str) -> Self {
        Self { home: self.home.clone(), kept: with_query("", &[(name, value)]) }
    }

    /// A proposal's page.
    #[must_use]
    pub fn proposal(&self, key: ProposalKey) -> String {
        format!("{}/proposals/{key}", self.home)
    }

    /// Home.
    #[must_use]
    pub fn home(&self) -> String {
        self.home.clone()
    }

    /// A page of the workspace by its fixed name, such as `map` or `systems/new`.
    #[must_use]
    pub fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.home)
    }

    /// A page with a query. Empty values are left out.
    #[must_use]
    pub fn query(&self, name: &str, pairs: &[(&str, &str)]) -> String {
        with_query(&self.page(name), pairs)
    }

    /// The list of systems, filtered.
    #[must_use]
    pub fn systems(&self, filter: &str) -> String {
        self.query("systems", &[("q", filter)])
    }

    /// The list of flows, filtered.
    #[must_use]
    pub fn flows(&self, filter: &str) -> String {
        self.query("flows", &[("q", filter)])
    }

    /// A system's page.
    #[must_use]
    pub fn system(&self, id: &SystemId) -> String {
        format!("{}/systems/{}{}", self.home, encoded(id.as_str()), self.kept)
    }

    /// A flow's page.
    #[must_use]
    pub fn flow(&self, id: &FlowId) -> String {
        format!("{}/flows/{}{}", self.home, encoded(id.as_str()), self.kept)
    }

    /// The page of an element: its lineage.
    #[must_use]
    pub fn element(&self, id: &ElementId) -> String {
        format!("{}/elements/{}{}", self.home, encoded(id.as_str()), self.kept)
    }

    /// A person's or a team's page.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> String {
        format!("{}/people/{}{}", self.home, encoded(id.as_str()), self.kept)
    }

    /// A member's page.
    #[must_use]
    pub fn member(&self, id: &AccountId) -> String {
        format!("{}/members/{}", self.home, encoded(id.as_str()))
    }

    /// The list of a kind of records, by its word.
    #[must_use]
    pub fn kind(&self, word: &str) -> String {
        format!("{}/inventory/{}", self.home, encoded(word))
    }

    /// The page of a list: the systems, the flows, or a kind of records.
    #[must_use]
    pub fn list(&self, kind: &Kind) -> String {
        if kind.has_own_pages() { self.page(kind.word) } else { self.kind(kind.word) }
    }

    /// The page of a record, by its kind and its key in addresses.
    #[must_use]
    pub fn record(&self, kind: &Kind, address: &str) -> String {
        self.record_at(kind.word, address)
    }

    /// The page of a record, by the word of its kind and its key in addresses.
    #[must_use]
    pub fn record_at(&self, word: &str, address: &str) -> String {
        format!("{}/{}{}", self.kind(word), encoded(address), self.kept)
    }

    /// The page of an object; none of the settings.
    #[must_use]
    pub fn object(&self, object: &ObjectRef) -> Option<String> {
        match object {
            ObjectRef::System(id) => Some(self.system(id)),
            ObjectRef::Flow(id) => Some(self.flow(id)),
            ObjectRef::Person(id) => Some(self.person(id)),
            ObjectRef::Record(key) if key.kind == ObjectKind::Observation => Some(self.observation(&key.id)),
            other => Kind::of(other.kind()).map(|kind| self.record(kind, &address(other))),
        }
    }

    /// The page of a source of observations.
    #[must_use]
    pub fn observation(&self, id: &RecordId) -> String {
        format!("{}/observations/{}", self.home, encoded(id.as_str()))
    }

    /// The page of a finding.
    #[must_use]
    pub fn finding(&self, identity: &Identity) -> String {
        self.finding_at(&identity.to_string())
    }

    /// The page of a finding, by its key in addresses.
    #[must_use]
    pub fn finding_at(&self, key: &str) -> String {
        format!("{}/findings/{}", self.home, encoded(key))
    }

    /// The page of a rule.
    #[must_use]
    pub fn rule(&self, id: &str) -> String {
        format!("{}/rules/{}", self.home, encoded(id))
    }

    /// The page of a requirement.
    #[must_use]
    pub fn requirement(&self, id: &str) -> String {
        format!("{}/requirements/{}", self.home, encoded(id))
    }

    /// The page of a requirement of any framework.
    #[must_use]
    pub fn requirement_of(&self, key: &RequirementKey) -> String {
        match key.framework() {
            Framework::Standard(Standard::Pci) => self.requirement(key.id()),
            _ => self.requirement(&key.to_string()),
        }
    }

    /// The page of a framework of one's own, by its key in addresses.
    #[must_use]
    pub fn framework_at(&self, key: &str) -> String {
        format!("{}/frameworks/{}", self.home, encoded(key))
    }

    /// The page on which is said who does what between us and a vendor, by its key in addresses.
    #[must_use]
    pub fn responsibility_at(&self, vendor: &str) -> String {
        format!("{}/vendors/{}/responsibility", self.home, encoded(vendor))
    }

    /// The page of a control on the integrations of a system.
    #[must_use]
    pub fn control_on(&self, system: &SystemId, control: IntegrationControl) -> String {
        format!("{}/evidence/controls/{}/{control}", self.home, encoded(system.as_str()))
    }

    /// A snapshot's page.
    #[must_use]
    pub fn snapshot(&self, key: SnapshotKey) -> String {
        format!("{}/snapshots/{key}", self.home)
    }

    /// The page of a risk.
    #[must_use]
    pub fn risk(&self, key: RiskKey) -> String {
        self.risk_at(&key.to_string())
    }

    /// The page of a risk, by its key in addresses.
    #[must_use]
    pub fn risk_at(&self, key: &str) -> String {
        format!("{}/risks/{}", self.home, encoded(key))
    }

    /// The page of an incident.
    #[must_use]
    pub fn incident(&self, key: IncidentKey) -> String {
        self.incident_at(&key.to_string())
    }

    /// The page of an incident, by its key in addresses.
    #[must_use]
    pub fn incident_at(&self, key: &str) -> String {
        format!("{}/incidents/{}", self.home, encoded(key))
    }

    /// The page of a review.
    #[must_use]
    pub fn review(&self, key: ReviewKey) -> String {
        self.review_at(&key.to_string())
    }

    /// The page of a review, by its key in addresses.
    #[must_use]
    pub fn review_at(&self, key: &str) -> String {
        format!("{}/reviews/{}", self.home, encoded(key))
    }

    /// The page of a seal.
    #[must_use]
    pub fn seal(&self, key: SealKey) -> String {
        format!("{}/seals/{key}", self.home)
    }

    /// The page of what an entry of the calendar is about: what is planned, its risk, its incident or its object, else the
    /// calendar.
    #[must_use]
    pub fn entry(&self, it: &Entry) -> String {
        self.dated(it.kind, &it.key, it.object.as_ref())
    }

    fn dated(&self, kind: EntryKind, key: &str, object: Option<&ObjectRef>) -> String {
        // What belongs to a risk or an incident begins with its key.
        let of = key.split('/').next().unwrap_or_default();
        match kind {
            EntryKind::Risk | EntryKind::Action => self.risk_at(of),
            EntryKind::Acceptance if of.parse::<RiskKey>().is_ok() => self.risk_at(of),
            EntryKind::Notification => self.incident_at(of),
            EntryKind::Review => self.schedule_at(of),
            EntryKind::Session => self.review_at(of),
            EntryKind::Activity => self.activity_at(of),
            EntryKind::Analysis => self.analysis_at(of),
            _ => object.and_then(|it| self.object(it)).unwrap_or_else(|| self.page("calendar")),
        }
    }

    /// The page of what a notice is about.
    #[must_use]
    pub fn notice(&self, it: &Notice) -> String {
        match &it.target {
            Target::Entry(kind, key, object) => self.dated(*kind, key, object.as_ref()),
            Target::Risk(key) => self.risk(*key),
            Target::Finding(identity) => self.finding(identity),
            Target::Proposal(key) => self.proposal(*key),
            Target::Review(key) => self.review(*key),
            Target::Request(key) => self.request_at(&key.to_string()),
            Target::Comments(object) => match self.object(object) {
                Some(page) => format!("{page}/comments"),
                None => self.home(),
            },
        }
    }

    /// The page of what who audits asked for, by its key in addresses.
    #[must_use]
    pub fn request_at(&self, key: &str) -> String {
        format!("{}/evidence/requests/{}", self.home, encoded(key))
    }

    /// The page of a sample, by its key in addresses.
    #[must_use]
    pub fn sample_at(&self, key: &str) -> String {
        format!("{}/evidence/samples/{}", self.home, encoded(key))
    }

    /// The page of a playbook.
    #[must_use]
    pub fn playbook(&self, number: u32) -> String {
        self.playbook_at(&number.to_string())
    }

    /// The page of a playbook, by its number in addresses.
    #[must_use]
    pub fn playbook_at(&self, number: &str) -> String {
        format!("{}/incidents/playbooks/{}", self.home, encoded(number))
    }

    /// The page of an exercise, by its number in addresses.
    #[must_use]
    pub fn drill_at(&self, number: &str) -> String {
        format!("{}/incidents/drills/{}", self.home, encoded(number))
    }

    /// The page of a schedule.
    #[must_use]
    pub fn schedule(&self, key: ScheduleKey) -> String {
        self.schedule_at(&key.to_string())
    }

    /// The page of a schedule, by its key in addresses.
    #[must_use]
    pub fn schedule_at(&self, key: &str) -> String {
        format!("{}/schedules/{}", self.home, encoded(key))
    }

    /// The page of a test or an exercise.
    #[must_use]
    pub fn activity(&self, key: ActivityKey) -> String {
        self.activity_at(&key.to_string())
    }

    /// The page of a test or an exercise, by its key in addresses.
    #[must_use]
    pub fn activity_at(&self, key: &str) -> String {
        format!("{}/activities/{}", self.home, encoded(key))
    }

    /// A page about evidence: `items`, `policies` or `training`, and the key of one.
    #[must_use]
    pub fn evidence(&self, kind: &str, key: &str) -> String {
        format!("{}/evidence/{kind}/{}", self.home, encoded(key))
    }

    /// The page of a targeted risk analysis.
    #[must_use]
    pub fn analysis(&self, key: AnalysisKey) -> String {
        self.analysis_at(&key.to_string())
    }

    /// The page of a targeted risk analysis, by its key in addresses.
    #[must_use]
    pub fn analysis_at(&self, key: &str) -> String {
        format!("{}/analyses/{}", self.home, encoded(key))
    }

    /// The preview of a staged import.
    #[must_use]
    pub fn import(&self, id: &ImportId) -> String {
        format!("{}/import/{}", self.home, encoded(id.as_str()))
    }

    /// The page of a register of risks that comes from a file.
    #[must_use]
    pub fn register_import(&self, id: &ImportId) -> String {
        format!("{}/risks/import/{}", self.home, encoded(id.as_str()))
    }

    /// The preview of a specification or a sample that was read.
    #[must_use]
    pub fn reading(&self, id: &ImportId) -> String {
        format!("{}/recognise/{}", self.home, encoded(id.as_str()))
    }
}

/// A path with a query. Pairs with an empty value are left out.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut url = path.to_owned();
    let mut separator = if path.contains('?') { '&' } else { '?' };
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        url.push(separator);
        url.push_str(&encoded(name));
        url.push('=');
        url.push_str(&encoded(value));
        separator = '&';
    }
    url
}

/// Percent-encodes everything but the unreserved characters of RFC 3986, 2.3.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_one_segment_of_the_path() {
        let paths = Paths::of(&WorkspaceId::new("shop"));
        assert_eq!(paths.system(&SystemId::new("a/b?c#d ü")), "/w/shop/systems/a%2Fb%3Fc%23d%20%C3%BC");
    }

    #[test]
    fn a_query_leaves_out_what_is_empty() {
        let paths = Paths::of(&WorkspaceId::new("shop"));
        assert_eq!(
            paths.query("systems", &[("q", "scope:cde x&y"), ("sort", "")]),
            "/w/shop/systems?q=scope%3Acde%20x%26y"
        );
        assert_eq!(paths.systems(""), "/w/shop/systems");
    }
}
