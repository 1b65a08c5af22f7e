//! Every requirement of a framework with where it stands: what its list shows, how far it is, and its file.

use std::collections::{BTreeMap, BTreeSet};

use super::item::Item;
use super::requirement_view::Sources;
use crate::export::csv::table_of;
use crate::filter::Filter;
use crate::findings::Finding;
use crate::findings::registry::RULES;
use crate::id::VendorId;
use crate::library::catalogue::{Entry, group_title};
use crate::library::position::{Gap, Position, Status, spoken_to};
use crate::library::reference::{EvidenceKey, Framework, RequirementKey};
use crate::library::responsibility::{Duty, Party};

/// What a filter of requirements can ask for.
pub const KEYS: [&str; 6] = ["status", "is", "chapter", "level", "vendor", "party"];

/// One requirement with where it stands.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// Which one, and what it is about.
    pub entry: Entry,
    /// What people say; absent where nobody has said anything.
    pub position: Option<&'a Position>,
    /// What is missing before that counts.
    pub gaps: Vec<Gap>,
    /// How many rules speak to it.
    pub rules: usize,
    /// The evidence items that show it.
    pub evidence: BTreeSet<EvidenceKey>,
    /// How many of them may be relied on today.
    pub current: usize,
    /// How many findings about it are open.
    pub findings: usize,
    /// How many questions about it are open.
    pub questions: usize,
    /// Who does it, by vendor.
    pub duties: Vec<(&'a VendorId, &'a Duty)>,
}

impl Line<'_> {
    /// What people say; none where nobody has said anything.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.position.map(|it| it.status)
    }

    /// Whether it is said to be met or not to apply, and open findings say otherwise.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.findings > 0 && self.status().is_some_and(|it| it.is_met() || it == Status::NotApplicable)
    }

    /// Whether it is said to be met, and no evidence that may be relied on shows it.
    #[must_use]
    pub fn is_without_evidence(&self) -> bool {
        self.current == 0 && self.status().is_some_and(Status::is_met)
    }

    /// Whether a filter lets it through.
    #[must_use]
    pub fn passes(&self, filter: &Filter) -> bool {
        let text = format!("{} {}", self.entry.key.id(), self.entry.title);
        filter.lets_through(&text, |key, value| match key {
            "status" => self.status().map_or("none", Status::as_str) == value,
            "chapter" => self.entry.group.to_lowercase() == value,
            "level" => self.entry.level.map(|it| it.to_string()).as_deref() == Some(value),
            "vendor" => self.duties.iter().any(|(it, _)| it.as_str().to_lowercase() == value),
            "party" => self.duties.iter().any(|(_, duty)| duty.party.as_str() == value),
            "is" => match value {
                "contradicted" => self.is_contradicted(),
                "unproven" => self.is_without_evidence(),
                "finding" => self.findings > 0,
                "question" => self.questions > 0,
                "waiting" => self.gaps.iter().any(|it| *it != Gap::NoEvidence),
                "silent" => self.rules > 0 && self.findings + self.questions == 0,
                "unread" => self.rules == 0,
                _ => false,
            },
            _ => false,
        })
    }
}

/// The requirements of a list with where each stands, in its order.
#[must_use]
pub fn lines<'a>(entries: Vec<Entry>, sources: &Sources<'a>) -> Vec<Line<'a>> {
    let rules = counted(
        RULES
            .iter()
            .map(|rule| rule.maps_to.iter().filter_map(|it| RequirementKey::mapped(*it)).collect::<BTreeSet<_>>()),
    );
    let of = |all: &[Finding]| counted(all.iter().filter(|it| (sources.is_open)(it)).map(spoken_to));
    let (findings, questions) = (of(&sources.findings.findings), of(&sources.findings.questions));
    let items: BTreeMap<EvidenceKey, &Item> =
        sources.items.iter().filter(|it| it.withdrawn.is_none()).map(|it| (it.key, it)).collect();
    let mut proving: BTreeMap<&RequirementKey, BTreeSet<EvidenceKey>> = BTreeMap::new();
    for item in items.values() {
        for requirement in &item.proves.requirements {
            proving.entry(requirement).or_default().insert(item.key);
        }
    }
    let mut duties: BTreeMap<&RequirementKey, Vec<(&'a VendorId, &'a Duty)>> = BTreeMap::new();
    for matrix in sources.matrices {
        for duty in &matrix.rows {
            duties.entry(&duty.requirement).or_default().push((&matrix.vendor, duty));
        }
    }
    let line = |entry: Entry| {
        let position = sources.positions.get(&entry.key);
        let mut evidence = proving.get(&entry.key).cloned().unwrap_or_default();
        evidence.extend(position.iter().flat_map(|it| &it.evidence).filter(|it| items.contains_key(*it)));
        let is_current =
            |key: &&EvidenceKey| items.get(*key).is_some_and(|it| it.freshness(sources.today).is_current());
        let count = |of: &BTreeMap<RequirementKey, usize>| of.get(&entry.key).copied().unwrap_or_default();
        Line {
            position,
            gaps: position.map(|it| it.gaps(sources.today)).unwrap_or_default(),
            rules: count(&rules),
            current: evidence.iter().filter(is_current).count(),
            evidence,
            findings: count(&findings),
            questions: count(&questions),
            duties: duties.get(&entry.key).cloned().unwrap_or_default(),
            entry,
        }
    };
    entries.into_iter().map(line).collect()
}

fn counted(sets: impl Iterator<Item = BTreeSet<RequirementKey>>) -> BTreeMap<RequirementKey, usize> {
    let mut counts = BTreeMap::new();
    sets.flatten().for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

/// How far some requirements are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many there are.
    pub total: usize,
    /// How many stand where; none is where nobody has said anything.
    pub by_status: BTreeMap<Option<Status>, usize>,
    /// How many are said to be met, and open findings say otherwise.
    pub contradicted: usize,
    /// How many are said to be met without evidence that may be relied on.
    pub without_evidence: usize,
    /// How many wait for an approval or a yearly review.
    pub waiting: usize,
}

impl Progress {
    /// How many are in place, by themselves or by a compensating control, or do not apply.
    #[must_use]
    pub fn settled(&self) -> usize {
        let is_settled = |it: &Status| it.is_met() || *it == Status::NotApplicable;
        self.by_status.iter().filter(|(it, _)| it.as_ref().is_some_and(is_settled)).map(|(_, count)| count).sum()
    }
}

/// How far the requirements of some lines are.
#[must_use]
pub fn progress<'l, 'a: 'l>(lines: impl IntoIterator<Item = &'l Line<'a>>) -> Progress {
    let mut it = Progress::default();
    for line in lines {
        it.total += 1;
        *it.by_status.entry(line.status()).or_default() += 1;
        it.contradicted += usize::from(line.is_contradicted());
        it.without_evidence += usize::from(line.is_without_evidence());
        it.waiting += usize::from(line.gaps.iter().any(|it| *it != Gap::NoEvidence));
    }
    it
}

/// The requirements of one group of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The group, as filters write it.
    pub group: String,
    /// What it is about; empty where nobody has said.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
}

/// The groups of some lines, in the order of their first requirement. A framework without groups has none.
#[must_use]
pub fn chapters(lines: &[Line<'_>]) -> Vec<Chapter> {
    let mut groups: Vec<(&str, Vec<&Line<'_>>)> = Vec::new();
    for line in lines.iter().filter(|it| !it.entry.group.is_empty()) {
        match groups.iter_mut().find(|(group, _)| *group == line.entry.group) {
            Some((_, of_it)) => of_it.push(line),
            None => groups.push((&line.entry.group, vec![line])),
        }
    }
    let chapter = |(group, of_it): (&str, Vec<&Line<'_>>)| {
        let title = match of_it.first().map(|it| it.entry.key.framework()) {
            Some(Framework::Standard(standard)) => group_title(*standard, group).unwrap_or_default(),
            _ => "",
        };
        Chapter { group: group.to_owned(), title: title.to_owned(), progress: progress(of_it) }
    };
    groups.into_iter().map(chapter).collect()
}

/// The lines as a table, one row each.
#[must_use]
pub fn csv<'l, 'a: 'l>(lines: impl IntoIterator<Item = &'l Line<'a>>) -> String {
    let head = [
        "requirement",
        "title",
        "group",
        "status",
        "approach",
        "decided_by",
        "decided_on",
        "reason",
        "evidence",
        "compensating_control",
        "approved_by",
        "approved_on",
        "review_due",
        "open_findings",
        "contradicted",
        "responsibility",
    ]
    .map(str::to_owned);
    let rows = lines.into_iter().map(|line| {
        let position = line.position;
        let part = |get: &dyn Fn(&Position) -> String| position.map(get).unwrap_or_default();
        let duty = |(vendor, duty): &(&VendorId, &Duty)| match duty.note.as_str() {
            "" => format!("{vendor}: {}", word(duty.party)),
            note => format!("{vendor}: {} ({note})", word(duty.party)),
        };
        [
            line.entry.key.to_string(),
            line.entry.title.clone(),
            line.entry.group.clone(),
            part(&|it| it.status.to_string()),
            part(&|it| it.approach.to_string()),
            part(&|it| it.decided.as_ref().map(|(by, _)| by.to_string()).unwrap_or_default()),
            part(&|it| it.decided.as_ref().map(|(_, on)| on.to_string()).unwrap_or_default()),
            part(&|it| it.reason.clone()),
            joined(line.evidence.iter().map(ToString::to_string)),
            part(&|it| yes_no(it.worksheet.is_some())),
            part(&|it| it.approved.as_ref().map(|(by, _)| by.to_string()).unwrap_or_default()),
            part(&|it| it.approved.as_ref().map(|(_, on)| on.to_string()).unwrap_or_default()),
            part(&|it| it.approved_until().map(|it| it.to_string()).unwrap_or_default()),
            line.findings.to_string(),
            yes_no(line.is_contradicted()),
            joined(line.duties.iter().map(duty)),
        ]
    });
    table_of(std::iter::once(head).chain(rows))
}

/// The word of assessors for who does something: `tpsp` is the provider.
#[must_use]
pub const fn word(party: Party) -> &'static str {
    match party {
        Party::Entity => "entity",
        Party::Provider => "tpsp",
        Party::Shared => "shared",
    }
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evidence::item::tests::{day, item};
    use crate::findings::tests::{found, model};
    use crate::library::catalogue::entries;
    use crate::library::reference::Standard;
    use crate::library::responsibility::VendorMatrix;

    fn with_lines(check: impl FnOnce(&[Line<'_>])) {
        let findings = found(&model(
            r#""systems":[{"id":"a"},{"id":"b","boundary":"third_party"}],"flows":[{"id":"f","from":"a","to":"b",
                "encryption":"none","protocol":"http","net":"open","data":[{"element":"pan","form":"clear"}]}]"#,
        ));
        let key = |id: &str| RequirementKey::pci(id).unwrap();
        let position = |id: &str, status: Status| Position { status, ..Position::new(key(id)) };
        let positions = [
            position("4.2.1", Status::InPlace),
            position("9.3.4", Status::NotApplicable),
            position("3.5.1", Status::InPlaceCompensated),
        ]
        .map(|it| (it.requirement.clone(), it))
        .into();
        let mut shows = item();
        shows.key = EvidenceKey(1);
        shows.proves.requirements.insert(key("3.5.1"));
        let duty = Duty { requirement: key("3.5.1"), party: Party::Shared, note: "They encrypt".to_owned() };
        let matrix = VendorMatrix { rows: vec![duty], ..VendorMatrix::new("psp".into()) };
        let sources = Sources {
            positions: &positions,
            items: &[shows],
            policies: &[],
            matrices: &[matrix],
            findings: &findings,
            is_open: &|_| true,
            today: day("2026-02-01"),
        };
        check(&lines(entries(Standard::Pci), &sources));
    }

    fn ids<'l>(lines: &'l [Line<'_>], filter: &str) -> Vec<&'l str> {
        let filter = Filter::parse(filter);
        lines.iter().filter(|it| it.passes(&filter)).map(|it| it.entry.key.id()).collect()
    }

    #[test]
    fn a_list_tells_what_stands_where_and_what_speaks_against_it() {
        with_lines(|lines| {
            assert_eq!(lines.len(), 247);
            assert_eq!(ids(lines, "is:contradicted"), ["4.2.1"]);
            assert_eq!(ids(lines, "is:unproven"), ["4.2.1"]);
            assert_eq!(ids(lines, "is:waiting"), ["3.5.1"]);
            assert_eq!(ids(lines, "vendor:psp party:shared chapter:3"), ["3.5.1"]);
            assert_eq!(ids(lines, "status:not_applicable"), ["9.3.4"]);
            assert_eq!(ids(lines, "status:none").len(), 244);
            assert!(ids(lines, "is:finding").contains(&"4.2.1") && !ids(lines, "is:unread").contains(&"4.2.1"));
        });
    }

    #[test]
    fn progress_counts_by_status_and_by_chapter() {
        with_lines(|lines| {
            let all = progress(lines);
            assert_eq!(
                (all.total, all.settled(), all.contradicted, all.without_evidence, all.waiting),
                (247, 3, 1, 1, 1)
            );
            let chapters = chapters(lines);
            assert_eq!(chapters.len(), 12);
            let totals: usize = chapters.iter().map(|it| it.progress.total).sum();
            assert_eq!((totals, chapters[8].group.as_str(), chapters[8].progress.settled()), (247, "9", 1));
        });
    }

    #[test]
    fn the_file_has_a_row_for_each() {
        with_lines(|lines| {
            let text = csv(lines);
            assert_eq!(text.lines().count(), 248);
            let row = text.lines().find(|it| it.starts_with("\"pci:3.5.1\"")).unwrap();
            assert!(row.contains("\"in_place_ccw\"") && row.contains("psp: shared (They encrypt)"), "{row}");
            assert!(row.contains("EV-0001"), "{row}");
        });
    }
}
