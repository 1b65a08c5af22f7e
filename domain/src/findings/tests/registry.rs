//! Every record is complete, and every rule does in its examples what it says.

use std::collections::BTreeSet;

use super::{found, model};
use crate::findings::evaluation::subject_kind;
use crate::findings::finding::Finding;
use crate::findings::fix::{self, Remedy};
use crate::findings::registry::{RULES, rule};
use crate::findings::requirement::{Mapping, Requirement};
use crate::findings::rule::{Kind, Rule};
use crate::findings::survey::Survey;
use crate::model::Model;
use crate::model::fact::attribute;
use crate::model::object::ObjectKind;
use crate::scope::compute;

/// What the rule itself finds in a model, also where another rule tells it for both. A rule that decides may ask, too;
/// that is no finding.
fn of_rule(rule: &Rule, model: &Model) -> Vec<Finding> {
    let found = found(model);
    let all = match rule.kind {
        Kind::Decides => found.findings,
        Kind::Asks => found.questions,
        Kind::Health => found.health.into_iter().chain(found.questions).collect(),
    };
    all.into_iter().filter(|it| it.rule == rule.id || it.also.contains(&rule.id)).collect()
}

#[test]
fn rules_have_ids_of_their_own_in_order() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted_by(|one, other| one < other), "sorted by id: {ids:?}");
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for it in RULES {
        assert!(seen.insert(it.id), "{} stands twice", it.id);
        for alias in it.aliases {
            assert!(!ids.contains(alias) && seen.insert(alias), "{alias} of {} stands twice", it.id);
        }
        assert!(it.aliases.is_sorted(), "{}: aliases are sorted", it.id);
        assert_eq!(rule(it.id).map(|it| it.id), Some(it.id));
    }
}

#[test]
fn every_product_rule_is_a_rule_or_an_alias_and_most_rules_decide_from_facts() {
    for number in 1..=40 {
        let id = format!("PF-{number:02}");
        assert!(rule(&id).is_some(), "{id} is neither a rule nor an alias");
    }
    let of = |kind: Kind| RULES.iter().filter(|it| it.kind == kind).count();
    assert_eq!((of(Kind::Decides) + of(Kind::Asks), of(Kind::Health)), (114, 13));
    assert!(of(Kind::Decides) >= 88, "{} decide from facts", of(Kind::Decides));
}

#[test]
fn every_record_is_complete() {
    for it in RULES {
        for (name, text) in [
            ("title", it.title),
            ("sentence", it.sentence),
            ("condition", it.condition),
            ("false_positives", it.false_positives),
            ("question", it.question),
        ] {
            assert!(text.len() >= 10, "{}: {name} says nothing", it.id);
        }
        for text in [it.sentence, it.false_positives] {
            assert!(text.ends_with('.'), "{}: {text:?} is a sentence", it.id);
        }
        assert!(it.question.ends_with('?'), "{}: {:?} is a question", it.id, it.question);
        assert!(it.version > 0 && !it.reads.is_empty() && !it.fixes.is_empty(), "{}", it.id);
        assert!(!it.fires.is_empty(), "{} has no model in which it must fire", it.id);
        assert!(!it.silent.is_empty(), "{} has no model in which it must be silent", it.id);
        let kinds: BTreeSet<_> = it.checks.iter().map(subject_kind).collect();
        assert!(!kinds.is_empty() && kinds.len() == it.checks.len(), "{}: one check for each kind of subject", it.id);
    }
}

#[test]
fn every_requirement_that_a_rule_names_exists() {
    let api: Vec<String> = (1..=10).map(|number| format!("API{number}")).collect();
    for it in RULES {
        for mapping in it.maps_to {
            match mapping {
                Mapping::Pci(id) => assert!(id.parse::<Requirement>().is_ok(), "{}: PCI DSS {id}", it.id),
                Mapping::OwaspApi(id) => assert!(api.iter().any(|known| known == id), "{}: OWASP {id}", it.id),
                Mapping::Asvs(id) => {
                    let numbers: Vec<u32> = id.split('.').filter_map(|part| part.parse().ok()).collect();
                    assert!(numbers.len() == 3 && (1..=17).contains(&numbers[0]), "{}: ASVS {id}", it.id);
                }
                Mapping::Nist(id) => assert!(id.starts_with("SP 800-"), "{}: NIST {id}", it.id),
            }
        }
    }
}

#[test]
fn every_attribute_that_a_rule_reads_exists() {
    for it in RULES {
        let filled = it.fixes.iter().filter_map(|fix| match fix.remedy {
            Remedy::Fill(attributes) => Some(attributes),
            Remedy::Change(_) => None,
        });
        for named in it.reads.iter().chain(filled.flatten()) {
            let (kind, name) = named.split_once('.').unwrap_or_else(|| panic!("{}: {named} is kind.attribute", it.id));
            let kind: ObjectKind = kind.parse().unwrap_or_else(|_| panic!("{}: {named} names no kind", it.id));
            assert!(attribute(kind, name).is_some() || is_column(kind, name), "{}: {named} is no attribute", it.id);
        }
    }
}

/// Attributes that are columns, or derived.
fn is_column(kind: ObjectKind, name: &str) -> bool {
    let columns = match kind {
        ObjectKind::Settings => "view strict_flat as_of service_provider",
        ObjectKind::Person | ObjectKind::Vendor => "name",
        ObjectKind::Segment => "name trust microsegmented",
        ObjectKind::Link => "a b policy control",
        ObjectKind::Control => {
            "name type between applies_to mode status last_change last_review last_tested frequency_days report_ref"
        }
        ObjectKind::System => {
            "name kind function boundary vendor operated_by environment segment lifecycle disposed holdings capabilities \
             copies manages payment_page relay sealed_scd exposure controls detect_minutes undeclared category"
        }
        ObjectKind::Key => "name use holders p2pe_listed attested",
        ObjectKind::Credential => "name kind held_by grants bound_to mfa ttl_minutes non_exportable shared location",
        ObjectKind::Grant => "on priv action elements domain",
        ObjectKind::Flow => {
            "name from to kind fields protocol auth credential encryption initiator channel access control via stage page \
             connector action sync latency_seconds period_minutes wire_names"
        }
        ObjectKind::Holding | ObjectKind::FlowField => {
            "element form ops key domain alg mask live phase records population"
        }
        ObjectKind::Override => "category expires fingerprint",
        _ => "name",
    };
    columns.split_whitespace().any(|column| column == name)
}

#[test]
fn every_rule_fires_in_the_models_in_which_it_must() {
    for it in RULES {
        for example in it.fires {
            let found = of_rule(it, &model(example.model));
            assert!(!found.is_empty(), "{} must fire when {}", it.id, example.when);
            for finding in found {
                let text = &finding.sentence;
                assert!(text.len() > 10 && text.ends_with(['.', '?']), "{}: {text:?} is a sentence", it.id);
                assert!(!text.contains("  ") && !text.contains("{"), "{}: {text:?}", it.id);
                assert!(text.ends_with('?') || it.kind != Kind::Asks, "{}: {text:?}", it.id);
                if finding.rule == it.id {
                    for fact in &finding.facts {
                        assert!(it.shows.contains(&fact.name.as_str()), "{}: {} is not in `shows`", it.id, fact.name);
                    }
                }
            }
        }
    }
}

#[test]
fn every_rule_is_silent_in_the_models_in_which_it_must() {
    for it in RULES {
        for example in it.silent {
            let found = of_rule(it, &model(example.model));
            assert!(found.is_empty(), "{} must be silent when {}: {found:#?}", it.id, example.when);
        }
    }
}

#[test]
fn a_fix_that_is_a_change_ends_the_finding() {
    for it in RULES {
        let changes = it.fixes.iter().filter(|option| matches!(option.remedy, Remedy::Change(_))).count();
        let mut carried_out = 0;
        for example in it.fires {
            let before = model(example.model);
            let scope = compute(&before);
            let survey = Survey::of(&before, &scope, before.settings.as_of.start());
            for finding in of_rule(it, &before).into_iter().filter(|finding| finding.rule == it.id) {
                for fix in fix::fixes(&survey, &finding).into_iter().filter(|fix| !fix.steps.is_empty()) {
                    let after = fix::apply(&before, &fix.steps).unwrap_or_else(|error| panic!("{}: {error}", it.id));
                    let still = of_rule(it, &after).iter().any(|other| other.identity() == finding.identity());
                    assert!(!still, "{}: {:?} does not end {:?}", it.id, fix.title, finding.sentence);
                    carried_out += 1;
                }
            }
        }
        assert!(carried_out >= changes, "{}: a change of its fixes is never carried out in its examples", it.id);
    }
}

#[test]
fn a_renaming_changes_neither_identity_nor_facts() {
    for it in RULES {
        let before = model(it.fires[0].model);
        let mut renamed = before.clone();
        for object in before.objects() {
            renamed.put(object.renamed("Another name"));
        }
        let told = |model: &Model| -> Vec<_> {
            of_rule(it, model).iter().map(|it| (it.identity(), it.facts_hash())).collect()
        };
        assert_eq!(told(&before), told(&renamed), "{}", it.id);
    }
}

impl crate::model::object::Object {
    /// The object by another name; settings, links and decisions have none.
    fn renamed(mut self, name: &str) -> Self {
        use std::sync::Arc;
        let name = name.to_owned();
        match &mut self {
            Self::System(it) => Arc::make_mut(it).name = name,
            Self::Flow(it) => Arc::make_mut(it).name = name,
            Self::Vendor(it) => Arc::make_mut(it).name = name,
            Self::Segment(it) => Arc::make_mut(it).name = name,
            Self::Control(it) => Arc::make_mut(it).name = name,
            Self::Key(it) => Arc::make_mut(it).name = name,
            Self::Credential(it) => Arc::make_mut(it).name = name,
            Self::Person(it) => Arc::make_mut(it).name = name,
            Self::Record(it) => Arc::make_mut(it).name = name,
            Self::Settings(_) | Self::Link(_) | Self::Override(_) => {}
        }
        self
    }
}
