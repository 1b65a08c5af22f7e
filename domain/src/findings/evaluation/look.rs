//! Shows a rule its subjects: all of them, or one.

use crate::findings::hit::Hits;
use crate::findings::rule::{Check, Rule};
use crate::findings::survey::{Survey, record};
use crate::model::object::{ObjectKind, ObjectRef, RecordKey};

/// The kind of subject that a rule looks at; none where it looks at the whole model.
pub(in crate::findings) const fn subject_kind(check: &Check) -> Option<ObjectKind> {
    Some(match check {
        Check::System(_) => ObjectKind::System,
        Check::Flow(_) => ObjectKind::Flow,
        Check::Credential(_) => ObjectKind::Credential,
        Check::Key(_) => ObjectKind::Key,
        Check::Control(_) => ObjectKind::Control,
        Check::Vendor(_) => ObjectKind::Vendor,
        Check::Segment(_) => ObjectKind::Segment,
        Check::Link(_) => ObjectKind::Link,
        Check::Record(kind, _) => *kind,
        Check::Workspace(_) => return None,
    })
}

/// Looks at every subject of a rule, in the order of the keys.
pub(super) fn every_subject(survey: &Survey<'_>, rule: &Rule, mut tell: impl FnMut(ObjectRef, Hits)) {
    if rule.service_providers_only && !survey.settings.service_provider {
        return;
    }
    for check in rule.checks {
        every_subject_of(survey, check, &mut tell);
    }
}

fn every_subject_of(survey: &Survey<'_>, check: &Check, tell: &mut impl FnMut(ObjectRef, Hits)) {
    let model = survey.model;
    let mut look = |subject: &dyn Fn() -> ObjectRef, check: &dyn Fn(&mut Hits)| {
        let mut hits = Hits::at(survey.now);
        check(&mut hits);
        if !hits.hits.is_empty() || hits.next_change.is_some() {
            tell(subject(), hits);
        }
    };
    match *check {
        Check::System(check) => {
            survey.nodes().iter().for_each(|it| look(&|| it.subject(), &|hits| check(survey, it, hits)));
        }
        Check::Flow(check) => {
            survey.edges().iter().for_each(|it| look(&|| it.subject(), &|hits| check(survey, it, hits)));
        }
        Check::Credential(check) => model.credentials.values().for_each(|it| {
            look(&|| ObjectRef::Credential(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Key(check) => {
            model.keys.values().for_each(|it| look(&|| ObjectRef::Key(it.id.clone()), &|hits| check(survey, it, hits)));
        }
        Check::Control(check) => model.controls.values().for_each(|it| {
            look(&|| ObjectRef::Control(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Vendor(check) => model.vendors.values().for_each(|it| {
            look(&|| ObjectRef::Vendor(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Segment(check) => model.segments.values().for_each(|it| {
            look(&|| ObjectRef::Segment(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Link(check) => model.links.values().for_each(|it| {
            look(&|| ObjectRef::Link(it.key.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Record(kind, check) => {
            let of_kind = model.records.values().filter(|it| it.key.kind == kind);
            of_kind.for_each(|it| look(&|| record(it), &|hits| check(survey, it, hits)));
        }
        Check::Workspace(check) => look(&|| ObjectRef::Settings, &|hits| check(survey, hits)),
    }
}

/// Looks at one subject of a rule, where the model has it. `None` where the rule does not apply.
pub(super) fn one_subject(survey: &Survey<'_>, rule: &Rule, subject: &ObjectRef) -> Option<Hits> {
    if rule.service_providers_only && !survey.settings.service_provider {
        return None;
    }
    let mut hits = Hits::at(survey.now);
    for check in rule.checks {
        one_subject_of(survey, check, subject, &mut hits);
    }
    Some(hits)
}

fn one_subject_of(survey: &Survey<'_>, check: &Check, subject: &ObjectRef, hits: &mut Hits) {
    let model = survey.model;
    match (*check, subject) {
        (Check::System(check), ObjectRef::System(id)) => {
            survey.node(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Flow(check), ObjectRef::Flow(id)) => {
            survey.edge(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Credential(check), ObjectRef::Credential(id)) => {
            model.credentials.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Key(check), ObjectRef::Key(id)) => {
            model.keys.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Control(check), ObjectRef::Control(id)) => {
            model.controls.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Vendor(check), ObjectRef::Vendor(id)) => {
            model.vendors.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Segment(check), ObjectRef::Segment(id)) => {
            model.segments.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Link(check), ObjectRef::Link(key)) => {
            model.links.get(key).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Record(kind, check), ObjectRef::Record(key @ RecordKey { kind: own, .. })) if *own == kind => {
            model.records.get(key).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Workspace(check), ObjectRef::Settings) => check(survey, hits),
        _ => {}
    }
}
