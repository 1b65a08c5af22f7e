//! One requirement with everything that is known about it: facts that the rules read, findings, evidence, who is
//! responsible, and what people say.

use std::collections::BTreeMap;

use super::item::{Freshness, Item};
use super::policy::Policy;
use crate::findings::registry::RULES;
use crate::findings::{Finding, Findings, Rule};
use crate::id::VendorId;
use crate::library::position::{Gap, Position, is_about, speaks_to};
use crate::library::reference::RequirementKey;
use crate::library::responsibility::{Duty, VendorMatrix, duties};
use crate::time::Day;

/// What a requirement is looked at with.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// What people say, by requirement.
    pub positions: &'a BTreeMap<RequirementKey, Position>,
    /// The evidence items.
    pub items: &'a [Item],
    /// The policies.
    pub policies: &'a [Policy],
    /// Who does what, by vendor.
    pub matrices: &'a [VendorMatrix],
    /// What the rules find.
    pub findings: &'a Findings,
    /// Whether nobody has decided about a finding.
    pub is_open: &'a dyn Fn(&Finding) -> bool,
    /// The day.
    pub today: Day,
}

/// One requirement with everything that is known about it.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// What people say; absent where nobody has said anything.
    pub position: Option<&'a Position>,
    /// What is missing before that counts.
    pub gaps: Vec<Gap>,
    /// The rules that speak to it: which facts they read is part of their record.
    pub rules: Vec<&'static Rule>,
    /// What they find that is open, the most urgent first.
    pub findings: Vec<&'a Finding>,
    /// What a person is asked about it.
    pub questions: Vec<&'a Finding>,
    /// Whether the open findings speak against what people say.
    pub contradicted: bool,
    /// The evidence items with how fresh each is, by key. Withdrawn ones are left out.
    pub evidence: Vec<(&'a Item, Freshness)>,
    /// The policies that answer it.
    pub policies: Vec<&'a Policy>,
    /// Who does it, by vendor.
    pub duties: BTreeMap<&'a VendorId, &'a Duty>,
}

impl View<'_> {
    /// Whether there is an item that may be relied on today.
    #[must_use]
    pub fn has_current_evidence(&self) -> bool {
        self.evidence.iter().any(|(_, freshness)| freshness.is_current())
    }
}

/// One requirement with everything that is known about it. Evidence is what says that it proves the requirement, and what the
/// position names.
#[must_use]
pub fn view<'a>(requirement: &RequirementKey, sources: &Sources<'a>) -> View<'a> {
    let position = sources.positions.get(requirement);
    let is_named = |item: &Item| position.is_some_and(|it| it.evidence.contains(&item.key));
    let proves = |item: &Item| item.proves.requirements.contains(requirement);
    let shown = sources.items.iter().filter(|it| it.withdrawn.is_none() && (proves(it) || is_named(it)));
    let mut evidence: Vec<(&Item, Freshness)> = shown.map(|it| (it, it.freshness(sources.today))).collect();
    evidence.sort_by_key(|(item, _)| item.key);
    let open = |all: &'a [Finding]| -> Vec<&'a Finding> {
        all.iter().filter(|it| speaks_to(it, requirement) && (sources.is_open)(it)).collect()
    };
    let findings = open(&sources.findings.findings);
    View {
        position,
        gaps: position.map(|it| it.gaps(sources.today)).unwrap_or_default(),
        rules: RULES.iter().copied().filter(|it| is_about(it, requirement)).collect(),
        contradicted: position.is_some_and(|it| !it.contradicted_by(&findings).is_empty()),
        questions: open(&sources.findings.questions),
        findings,
        evidence,
        policies: sources.policies.iter().filter(|it| it.requirements.contains(requirement)).collect(),
        duties: duties(sources.matrices, requirement),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evidence::item::tests::{day, item};
    use crate::findings::tests::{found, model};
    use crate::library::position::Status;
    use crate::library::reference::EvidenceKey;
    use crate::library::responsibility::Party;

    #[test]
    fn a_requirement_shows_what_is_known_and_what_speaks_against_it() {
        let key = RequirementKey::pci("4.2.1").unwrap();
        let model = model(
            r#""systems":[{"id":"a"},{"id":"b","boundary":"third_party"}],"flows":[{"id":"f","from":"a","to":"b",
                "encryption":"none","protocol":"http","net":"open","data":[{"element":"pan","form":"clear"}]}]"#,
        );
        let findings = found(&model);
        let mut shows = item();
        shows.key = EvidenceKey(1);
        shows.proves.requirements.insert(key.clone());
        let mut named = item();
        named.key = EvidenceKey(2);
        let mut gone = shows.clone();
        gone.key = EvidenceKey(3);
        gone.withdraw("Wrong", &"a".into(), crate::time::Timestamp(0)).unwrap();
        let position =
            Position { status: Status::InPlace, evidence: [EvidenceKey(2)].into(), ..Position::new(key.clone()) };
        let mut matrix = VendorMatrix::new("psp".into());
        matrix.rows.push(Duty { requirement: key.clone(), party: Party::Provider, note: String::new() });
        let positions = [(key.clone(), position)].into();
        let policy = Policy { requirements: [key.clone()].into(), ..Policy::new() };
        let (items, policies, matrices) = ([gone, named, shows], [policy], [matrix]);
        let sources = Sources {
            positions: &positions,
            items: &items,
            policies: &policies,
            matrices: &matrices,
            findings: &findings,
            is_open: &|_| true,
            today: day("2026-02-01"),
        };
        let it = view(&key, &sources);
        let keys: Vec<String> = it.evidence.iter().map(|(item, _)| item.key.to_string()).collect();
        assert_eq!(keys, ["EV-0001", "EV-0002"]);
        assert!(it.contradicted && !it.findings.is_empty() && !it.rules.is_empty() && it.has_current_evidence());
        assert_eq!((it.policies.len(), it.duties.len(), it.gaps.len()), (1, 1, 0));
        let decided = view(&key, &Sources { is_open: &|_| false, ..sources });
        assert!(!decided.contradicted && decided.findings.is_empty());
        let other = view(&RequirementKey::pci("9.3.4").unwrap(), &sources);
        assert!(other.position.is_none() && other.rules.is_empty() && other.evidence.is_empty());
    }
}
