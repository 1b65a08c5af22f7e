//! What the page shows of a pack that was verified, as JSON.

use std::collections::{BTreeMap, BTreeSet};

use domain::findings::answers::answers_of;
use domain::findings::registry::rule;
use domain::findings::standing::name_of;
use domain::findings::{Findings, Identity, evaluate};
use domain::id::SystemId;
use domain::model::Model;
use domain::model::reader::read_json;
use domain::pack::verify::{Fault, Report, Verdict};
use domain::pack::{About, Content, Files, Profile, name};
use domain::review::outcome::{Engine, Found, Outcome};
use domain::scope::verdict::{Category as Scoped, Sub};
use domain::scope::{Scope, compute};
use domain::time::Timestamp;
use serde::Serialize;

/// So many findings of a rule that agree are told one by one.
const LINES: usize = 200;

/// What was computed again from the model of a pack.
#[derive(Debug)]
pub struct Again {
    /// The model with its dates judged.
    pub model: Model,
    /// Its scope.
    pub scope: Scope,
    /// Its findings.
    pub findings: Findings,
    /// The instant as of which they are.
    pub at: Timestamp,
}

impl Again {
    /// From the files of a pack; `None` where they have no model that can be read.
    #[must_use]
    pub fn of(files: &Files, about: &About) -> Option<Self> {
        let (stored, _) = read_json(files.get(name::MODEL)?.bytes()?).ok()?;
        let model = stored.as_of(about.as_of);
        let scope = compute(&model);
        let findings = evaluate(&model, &scope, &answers_of(&model), about.at);
        Some(Self { model, scope, findings, at: about.at })
    }
}

/// A category in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// The category as files write it.
    pub key: &'static str,
    /// The finer category as files write it; may be empty.
    pub part: &'static str,
    /// Three letters.
    pub code: &'static str,
    /// The category.
    pub label: &'static str,
    /// The finer category; may be empty.
    pub sub: &'static str,
}

impl Category {
    /// Of a verdict.
    #[must_use]
    pub fn of((category, sub): (Scoped, Option<Sub>)) -> Self {
        Self {
            key: category.as_str(),
            part: sub.map(Sub::as_str).unwrap_or_default(),
            code: category.code(),
            label: category.label(),
            sub: sub.map(Sub::label).unwrap_or_default(),
        }
    }
}

/// How many systems two scopes have in each category that one of them has.
#[must_use]
pub fn counts(one: &Scope, other: &Scope) -> Vec<(Category, usize, usize)> {
    let count = |scope: &Scope, it: Scoped| scope.systems.values().filter(|verdict| verdict.category == it).count();
    let all = Scoped::ALL.iter().map(|it| (Category::of((*it, None)), count(one, *it), count(other, *it)));
    all.filter(|(_, one, other)| one + other > 0).collect()
}

/// Everything that there is to say of a pack.
#[derive(Debug, Serialize)]
pub struct Told<'r> {
    /// `intact`, `unknown` or `altered`.
    pub verdict: &'static str,
    /// What is wrong: the file, and a sentence.
    pub faults: Vec<(&'r str, String)>,
    /// What was looked at, in the order in which it is told.
    pub checks: Vec<Check>,
    /// The fingerprint of the key that signed.
    pub signer: Option<&'r str>,
    /// How many files.
    pub files: usize,
    /// How many bytes all of them have.
    pub bytes: u64,
    /// What the pack says of itself.
    pub about: Option<Of<'r>>,
    /// Verdicts: how many the pack says, and how many of them follow again.
    pub verdicts: (usize, usize),
    /// The same of findings.
    pub findings: (usize, usize),
    /// The same of files that follow from the model and from what was sealed, to the byte.
    pub derived: (usize, usize),
    /// What follows otherwise because a rule changed since.
    pub explained: Vec<&'r str>,
    /// Whether there is a model from which everything was computed again.
    pub is_computed: bool,
    /// How many systems each category has.
    pub counts: Vec<(Category, usize)>,
    /// Every system.
    pub systems: Vec<System>,
    /// Findings by rule.
    pub rules: Vec<Rule>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What.
    pub title: &'static str,
    /// `good`, `bad`, or `open` where it could not be told.
    pub state: &'static str,
    /// How it stands, in a sentence.
    pub sentence: String,
}

/// What a pack says of itself.
#[derive(Debug, Serialize)]
pub struct Of<'r> {
    /// The workspace.
    pub workspace: &'r str,
    /// The seal; a draft has none.
    pub seal: Option<(String, &'r str)>,
    /// The day as of which dates are judged.
    pub as_of: String,
    /// The instant of the seal.
    pub at: String,
    /// For whom it was made.
    pub profile: &'static str,
    /// The engine that computed it.
    pub engine: String,
    /// The engine of this page.
    pub here: String,
    /// The audit trail: chain, first and last entry, hash of the last.
    pub trail: (&'r str, i64, i64, &'r str),
}

/// The verdict on a system.
#[derive(Debug, Serialize)]
pub struct System {
    /// Its key.
    pub system: String,
    /// Its name.
    pub name: String,
    /// The verdict in the pack.
    pub said: Option<Category>,
    /// The verdict that follows from the model.
    pub again: Option<Category>,
    /// The rule that decided: its key, and what it says.
    pub rule: Option<(&'static str, &'static str)>,
    /// The names of the systems on the way that proves it.
    pub witness: Vec<String>,
}

/// The findings of one rule.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// The key.
    pub rule: String,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// How many the pack says.
    pub said: usize,
    /// How many follow from the model.
    pub again: usize,
    /// How many of both are the same to the last fact.
    pub same: usize,
    /// The first of them one by one, what differs before what agrees.
    pub lines: Vec<Line>,
}

/// One finding of a rule.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What it is about.
    pub subject: String,
    /// Whether the pack says it.
    pub said: bool,
    /// Whether it follows from the model.
    pub again: bool,
    /// Whether both rest on the same facts.
    pub same: bool,
}

/// Puts together what is shown.
#[must_use]
pub fn told<'r>(files: &Files, report: &'r Report, trusted: Trusted, again: Option<&Again>) -> Told<'r> {
    let said = files.get(name::OUTCOME).and_then(Content::text).and_then(Outcome::read);
    let agreement = report.agreement.as_ref();
    let empty = Scope { systems: BTreeMap::new(), saq_hint: domain::scope::verdict::SaqHint::None };
    let scope = again.map_or(&empty, |it| &it.scope);
    Told {
        verdict: match report.verdict {
            Verdict::Intact => "intact",
            Verdict::SignerUnknown => "unknown",
            Verdict::Altered => "altered",
        },
        faults: report.faults.iter().map(|it| (it.file(), it.sentence())).collect(),
        checks: checks(files, report, trusted),
        signer: report.signer.as_deref(),
        files: files.len(),
        bytes: files.values().map(Content::len).sum(),
        about: report.about.as_ref().map(of),
        verdicts: agreement.map(|it| it.verdicts).unwrap_or_default(),
        findings: agreement.map(|it| it.findings).unwrap_or_default(),
        derived: agreement.map(|it| it.files).unwrap_or_default(),
        explained: agreement.into_iter().flat_map(|it| &it.explained).map(String::as_str).collect(),
        is_computed: again.is_some(),
        counts: counts(scope, scope).into_iter().map(|(category, count, _)| (category, count)).collect(),
        systems: systems(said.as_ref(), again),
        rules: rules(said.as_ref(), again),
    }
}

/// What somebody typed in.
#[derive(Debug, Clone, Copy)]
pub struct Trusted {
    /// A key or a fingerprint.
    pub key: bool,
    /// A checkpoint.
    pub checkpoint: bool,
}

/// Sorts what is wrong by what it is about, and says of everything else how it stands.
fn checks(files: &Files, report: &Report, trusted: Trusted) -> Vec<Check> {
    let about = report.about.as_ref();
    let wrong = |of: fn(&Fault) -> bool| report.faults.iter().filter(|it| of(it)).count();
    let check = |title, wrong: usize, open: bool, sentence: String| {
        let told = match wrong {
            0 => sentence,
            1 => "One thing is wrong; it is named below.".to_owned(),
            many => format!("{many} things are wrong; they are named below."),
        };
        let state = if wrong > 0 {
            "bad"
        } else if open {
            "open"
        } else {
            "good"
        };
        Check { title, state, sentence: told }
    };
    let agreement = report.agreement.clone().unwrap_or_default();
    let is_computed = report.agreement.is_some();
    let listed = |it: &Fault| matches!(it, Fault::List(_) | Fault::Missing(_) | Fault::Added(_) | Fault::Changed(_));
    let signed =
        |it: &Fault| matches!(it, Fault::SignatureForm | Fault::Signature | Fault::Signers | Fault::OtherKey { .. });
    let noted = |it: &Fault| matches!(it, Fault::Checkpoint(_) | Fault::TailCut { .. } | Fault::Rewritten(_));
    let followed = |it: &Fault| {
        matches!(it, Fault::Model(_) | Fault::Follows(_) | Fault::Derived { .. } | Fault::Decided { .. })
            || is_unreadable(it, &[name::MODEL, name::OUTCOME])
    };
    vec![
        check("Files", wrong(listed), false, format!("All {} files are those of the signed list.", files.len())),
        check(
            "Signature",
            wrong(signed),
            !trusted.key,
            match trusted.key {
                true => "The key that you trust signed the list.".to_owned(),
                false => "It fits the list. Whose key it is, nobody said.".to_owned(),
            },
        ),
        check(
            "Seal",
            wrong(|it| matches!(it, Fault::Seal(_) | Fault::About)),
            about.is_none_or(|it| it.is_draft() || it.profile == Profile::Redacted),
            seal_of(about).to_owned(),
        ),
        check(
            "Audit trail",
            wrong(|it| matches!(it, Fault::Trail(_)) || is_unreadable(it, &[name::TRAIL])),
            about.is_none(),
            about.map_or_else(String::new, |it| {
                let (first, last) = (it.trail.first, it.trail.last);
                format!("Entries {first} to {last} follow on each other without a gap.")
            }),
        ),
        check(
            "Checkpoint",
            wrong(noted),
            !trusted.checkpoint,
            match trusted.checkpoint {
                true => "The audit trail agrees with it.".to_owned(),
                false => "None was given. Only one that was kept elsewhere shows that the trail was not written anew."
                    .to_owned(),
            },
        ),
        check(
            "Scope and findings",
            wrong(followed),
            !is_computed,
            format!(
                "{} of {} verdicts and {} of {} findings follow again from the model.",
                agreement.verdicts.1, agreement.verdicts.0, agreement.findings.1, agreement.findings.0
            ),
        ),
    ]
}

/// What a seal that nothing speaks against says of the pack.
fn seal_of(about: Option<&About>) -> &'static str {
    match about.filter(|it| !it.is_draft()).map(|it| it.profile) {
        None => "A draft: nobody signed the scope.",
        Some(Profile::Full) => "What people signed is what is in the pack.",
        Some(Profile::Auditor) => {
            "What people signed is what is in the pack. The model lacks the addresses of people, so its own bytes are not those \
             that were signed."
        }
        Some(Profile::Redacted) => {
            "The hash of the seal is signed. What was sealed is not in a redacted pack, so nothing here is compared with it."
        }
    }
}

/// Whether one of these files cannot be read.
fn is_unreadable(fault: &Fault, names: &[&str]) -> bool {
    matches!(fault, Fault::Unreadable(file) if names.contains(&file.as_str()))
}

fn of(about: &About) -> Of<'_> {
    Of {
        workspace: &about.workspace,
        seal: about.seal.as_ref().map(|it| (it.key.to_string(), it.hash.as_str())),
        as_of: about.as_of.to_string(),
        at: about.at.to_string(),
        profile: about.profile.label(),
        engine: about.engine.version(),
        here: Engine::current().version(),
        trail: (&about.trail.chain, about.trail.first, about.trail.last, &about.trail.head),
    }
}

fn systems(said: Option<&Outcome>, again: Option<&Again>) -> Vec<System> {
    let now = again.map(|it| &it.scope.systems);
    let ids: BTreeSet<&SystemId> =
        said.into_iter().flat_map(|it| it.verdicts.keys()).chain(now.into_iter().flat_map(BTreeMap::keys)).collect();
    let name = |id: &SystemId| {
        let known = again.and_then(|it| it.model.systems.get(id)).map(|it| it.name.clone());
        known.filter(|it| !it.is_empty()).unwrap_or_else(|| id.to_string())
    };
    let system = |id: &SystemId| {
        let verdict = now.and_then(|it| it.get(id));
        System {
            system: id.to_string(),
            name: name(id),
            said: said.and_then(|it| it.verdicts.get(id)).map(|it| Category::of(*it)),
            again: verdict.map(|it| Category::of((it.category, it.sub))),
            rule: verdict.and_then(|it| it.rule).map(|it| (it.as_str(), it.label())),
            witness: verdict.map(|it| it.witness.iter().map(name).collect()).unwrap_or_default(),
        }
    };
    ids.into_iter().map(system).collect()
}

fn rules(said: Option<&Outcome>, again: Option<&Again>) -> Vec<Rule> {
    let now = again.map(|it| Outcome::of(&it.scope, &it.findings));
    let mut found: BTreeMap<&Identity, (Option<&Found>, Option<&Found>)> = BTreeMap::new();
    for it in said.into_iter().flat_map(|it| &it.findings) {
        found.entry(&it.identity).or_default().0 = Some(it);
    }
    for it in now.iter().flat_map(|it| &it.findings) {
        found.entry(&it.identity).or_default().1 = Some(it);
    }
    let mut rows: BTreeMap<&str, Rule> = BTreeMap::new();
    for (identity, (said, again_found)) in &found {
        let row = rows.entry(&identity.rule).or_insert_with(|| Rule {
            rule: identity.rule.clone(),
            title: rule(&identity.rule).map(|it| it.title).unwrap_or_default(),
            said: 0,
            again: 0,
            same: 0,
            lines: Vec::new(),
        });
        let same = said.is_some() && said == again_found;
        row.said += usize::from(said.is_some());
        row.again += usize::from(again_found.is_some());
        row.same += usize::from(same);
        // Of what agrees there may be very many; what does not is always told.
        if !same || row.lines.len() < LINES {
            let name = again.map(|it| name_of(&it.model, &identity.subject));
            let subject = name.unwrap_or_else(|| identity.subject.key().to_string());
            let subject = match identity.discriminator.as_str() {
                "" => subject,
                other => format!("{subject}, {other}"),
            };
            row.lines.push(Line { subject, said: said.is_some(), again: again_found.is_some(), same });
        }
    }
    let mut rows: Vec<Rule> = rows.into_values().collect();
    rows.iter_mut().for_each(|it| it.lines.sort_by_key(|line| line.same));
    rows
}
