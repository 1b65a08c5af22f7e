//! Blast radii, choke points and plans as files for programs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::choke::Choke;
use super::radius::Blast;
use super::reduce::{OptionSet, Reduction};

/// The blast radius as JSON: the members named as in the interface of the engine, then how each thing was reached.
/// For a field only its footprint. The same model gives the same bytes.
#[must_use]
pub fn blast_json(blast: &Blast) -> String {
    text(&blast_value(blast))
}

fn blast_value(blast: &Blast) -> Value {
    if let Some(footprint) = &blast.footprint {
        return json!({ "start": blast.start, "footprint": footprint });
    }
    let control: BTreeMap<_, _> =
        blast.control.iter().map(|(id, it)| (id, json!({ "levels": it.levels, "hops": it.hops }))).collect();
    let mut data: Vec<_> = blast.data.iter().map(|it| (&it.element, it.form, &it.at)).collect();
    data.dedup();
    json!({
        "start": blast.start,
        "control": control,
        "credentials": blast.credentials.keys().collect::<Vec<_>>(),
        "keys": blast.keys.keys().collect::<Vec<_>>(),
        "data": data,
        "integrity": blast.integrity.keys().collect::<Vec<_>>(),
        "exposed": blast.exposed.keys().collect::<Vec<_>>(),
        "records_pan": blast.records_pan,
        "records_unknown": blast.records_unknown,
        "hidden_edges": blast.hidden_edges,
        "score": blast.score,
        "band": blast.band(),
        "sightings": blast.data,
        "actions": blast.actions,
        "actions_unknown": blast.actions_unknown,
        "clock": blast.clock,
        "budgets": blast.budgets,
        "likelihood_permille": blast.control.iter().map(|(id, it)| (id, it.likelihood_permille)).collect::<BTreeMap<_, _>>(),
        "derivation_of": {
            "control": blast.control.iter().map(|(id, it)| (id, it.derivation)).collect::<BTreeMap<_, _>>(),
            "credentials": blast.credentials,
            "keys": blast.keys,
            "integrity": blast.integrity,
            "exposed": blast.exposed,
        },
        "derivations": blast.derivations,
    })
}

/// The choke points as JSON.
#[must_use]
pub fn choke_json(choke: &Choke) -> String {
    text(choke)
}

/// The cheapest change as JSON, with the options that the answer and the plans name, so that they can be carried out.
#[must_use]
pub fn reduction_json(options: &[OptionSet], reduction: &Reduction) -> String {
    #[derive(Serialize)]
    struct Report<'a> {
        #[serde(flatten)]
        reduction: &'a Reduction,
        options: Vec<&'a OptionSet>,
    }
    let chosen = reduction.chosen.iter().flatten();
    let named: BTreeSet<&String> = chosen.chain(reduction.plans.iter().flat_map(|plan| &plan.chosen)).collect();
    text(&Report { reduction, options: options.iter().filter(|it| named.contains(&it.id)).collect() })
}

fn text(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}
