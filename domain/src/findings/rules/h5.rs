//! Health of the model: what stores card data in the CDE has a backup, and the backup is in the model.

use std::collections::BTreeSet;

use crate::findings::data;
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::id::SystemId;
use crate::model::element::{Holding, Op};
use crate::model::kinds::{FlowKind, SystemKind};

/// Card data without a backup.
pub const RULE: Rule = Rule {
    id: "H5",
    aliases: &[],
    version: 1,
    title: "Card data without a backup",
    sentence: "A backup that nobody drew is a store of card data that nobody protects.",
    condition: "A CDE system of ours stores account data, and no system copies it and no flow \
                takes a backup.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["system.copies", "flow.kind", "system.holdings", "system.category"],
    shows: &["backup"],
    false_positives: "What may be lost needs no backup; then write down why.",
    question: "Where is the backup of this store?",
    fixes: &[FixOption::fill("Enter the backup", 1, &["system.copies"])],
    fires: &[Example::new(
        "nothing takes a backup",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[
        Example::new(
            "a flow does",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"b",
               "kind":"backup"}],"flows":[{"id":"f","from":"vault","to":"b","kind":"backup"}]"#,
        ),
        Example::new(
            "a system copies it",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"b",
               "kind":"backup","copies":[{"from":"vault"}]},{"id":"c","copies":[{"from":"b"}]}],
               "flows":[{"id":"f","from":"b","to":"c","kind":"backup"}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let copied: BTreeSet<&SystemId> =
        survey.nodes().iter().filter(|it| it.active).flat_map(|it| &it.system.copies).map(|it| &it.from).collect();
    for node in survey.nodes().iter().filter(|it| it.is_cde() && it.system.kind != SystemKind::Backup) {
        let declared = |it: &&Holding| it.ops.contains(Op::Store) && data::is_account_data(it);
        if !node.system.holdings.iter().any(|it| declared(&it)) || copied.contains(&node.system.id) {
            continue;
        }
        if survey.outbound(node).any(|it| it.active && it.flow.kind == FlowKind::Backup) {
            continue;
        }
        let sentence = format!("{} stores account data, and the model shows no backup of it.", node.name());
        hits.add(Hit::on(node.subject(), sentence).shows("backup", false));
    }
}
