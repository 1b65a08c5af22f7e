//! The record of a rule: what it is, what it reads, and how it decides.

use serde::Serialize;

use super::fix::FixOption;
use super::hit::Hits;
use super::requirement::Mapping;
use super::survey::{Edge, Node, Survey};
use crate::model::Model;
use crate::model::credential::{Credential, Key};
use crate::model::object::{ObjectKind, Record};
use crate::model::party::Vendor;
use crate::model::segment::{Control, Link, Segment};
use crate::text::text_enum;

text_enum! {
    /// How urgent a finding is, the most urgent first.
    Severity {
        Critical = "critical": "Critical",
        High = "high": "High",
        Medium = "medium": "Medium",
        Low = "low": "Low",
        Info = "info": "Info",
    }
}

text_enum! {
    /// How a rule comes to its answer.
    Kind {
        /// The facts of the model decide.
        Decides = "decides": "Decides from facts",
        /// No fact of the model decides: a person is asked, on the object, for evidence.
        Asks = "asks": "Asks for evidence",
        /// A gap of the model itself. No risk, but a review is not signed over it.
        Health = "health": "Checks the health of the model",
    }
}

/// A rule. All texts are plain English in our own words.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Rule {
    /// The key, such as `F-TRANSIT`; never used for another rule.
    pub id: &'static str,
    /// Other keys under which the same rule is known.
    pub aliases: &'static [&'static str],
    /// Grows by one when the condition changes.
    pub version: u32,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters, in one sentence for somebody who answers for the product.
    pub sentence: &'static str,
    /// When it fires, in words.
    pub condition: &'static str,
    /// How it comes to its answer.
    pub kind: Kind,
    /// How urgent it is where nothing moves it.
    pub severity: Severity,
    /// What makes it more or less urgent; empty where nothing does.
    pub severity_moves: &'static str,
    /// Which requirements it speaks to; empty where none is claimed.
    pub maps_to: &'static [Mapping],
    /// It applies to service providers only.
    pub service_providers_only: bool,
    /// The attributes it reads, as `kind.attribute`.
    pub reads: &'static [&'static str],
    /// The names of the facts that a finding shows.
    pub shows: &'static [&'static str],
    /// When it may fire without anything being wrong.
    pub false_positives: &'static str,
    /// The evidence that a person is asked for on the object.
    pub question: &'static str,
    /// What can be done about it.
    pub fixes: &'static [FixOption],
    /// Models in which it must fire.
    pub fires: &'static [Example],
    /// Models in which it must not fire.
    pub silent: &'static [Example],
    /// How it looks at its subjects; at most one for each kind of subject.
    #[serde(skip)]
    pub checks: &'static [Check],
}

impl Rule {
    /// How many subjects of a model it looks at; the whole model is one.
    #[must_use]
    pub fn looks_at(&self, model: &Model) -> usize {
        if self.service_providers_only && !model.settings.service_provider {
            return 0;
        }
        let of = |check: &Check| match check {
            Check::System(_) => model.systems.len(),
            Check::Flow(_) => model.flows.len(),
            Check::Credential(_) => model.credentials.len(),
            Check::Key(_) => model.keys.len(),
            Check::Control(_) => model.controls.len(),
            Check::Vendor(_) => model.vendors.len(),
            Check::Segment(_) => model.segments.len(),
            Check::Link(_) => model.links.len(),
            Check::Record(kind, _) => model.records.keys().filter(|key| key.kind == *kind).count(),
            Check::Workspace(_) => 1,
        };
        self.checks.iter().map(of).sum()
    }
}

/// A small model in which a rule fires or does not.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Example {
    /// When the rule fires, or is silent: completes the sentence "fires when ..".
    pub when: &'static str,
    /// The members of a model file, as JSON without the outer brackets. Its day is 2026-01-01 where it has none.
    pub model: &'static str,
}

impl Example {
    /// The example.
    #[must_use]
    pub const fn new(when: &'static str, model: &'static str) -> Self {
        Self { when, model }
    }
}

/// What a rule looks at, one subject at a time. What it may read beside the subject is what [`super::evaluation`]
/// looks at again when that changes: the objects that the subject names or that name it, and for systems the other
/// ends of their flows. A rule that needs more is [`Check::Workspace`] and runs after every change.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Every system.
    System(fn(&Survey<'_>, &Node<'_>, &mut Hits)),
    /// Every flow with both of its ends.
    Flow(fn(&Survey<'_>, &Edge<'_>, &mut Hits)),
    /// Every credential.
    Credential(fn(&Survey<'_>, &Credential, &mut Hits)),
    /// Every key.
    Key(fn(&Survey<'_>, &Key, &mut Hits)),
    /// Every control record.
    Control(fn(&Survey<'_>, &Control, &mut Hits)),
    /// Every vendor.
    Vendor(fn(&Survey<'_>, &Vendor, &mut Hits)),
    /// Every segment.
    Segment(fn(&Survey<'_>, &Segment, &mut Hits)),
    /// Every link between segments.
    Link(fn(&Survey<'_>, &Link, &mut Hits)),
    /// Every record of facts of the kind.
    Record(ObjectKind, fn(&Survey<'_>, &Record, &mut Hits)),
    /// The whole model at once.
    Workspace(fn(&Survey<'_>, &mut Hits)),
}
