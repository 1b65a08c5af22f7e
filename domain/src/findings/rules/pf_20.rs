//! Common practice: account data is encrypted on internal networks, too.

use crate::findings::data;
use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Asvs;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::model::relations::Encryption;

/// Card data in clear inside.
pub const RULE: Rule = Rule {
    id: "PF-20",
    aliases: &[],
    version: 1,
    title: "Card data in clear inside",
    sentence: "Whoever gets onto the inner network should find nothing to read.",
    condition: "A flow of account data stays on internal networks and is not encrypted.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where it passes from one segment to another.",
    maps_to: &[Asvs("12.3.1"), Asvs("12.3.3")],
    service_providers_only: false,
    reads: &["flow.encryption", "flow.fields", "flow.net", "system.segment", "system.boundary"],
    shows: &["encryption", "net", "segment"],
    false_positives: "Two processes on one machine may talk in clear.",
    question: "Which setting encrypts the connection?",
    fixes: &[FixOption::change("Encrypt the connection", 3, |survey, finding| {
        fix::flow(survey, finding, |flow| flow.encryption = Encryption::Transport)
    })],
    fires: &[Example::new(
        "card numbers travel in clear inside",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "encryption":"none","data":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "they are encrypted",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "no account data travels",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "encryption":"none"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let readable = edge.flow.fields.iter().any(|it| data::is_account_data(it) && data::is_readable(it));
    if !(edge.on_network() && readable && edge.flow.encryption == Encryption::None) || survey.is_open(edge) {
        return;
    }
    let [from, to] = survey.ends(edge);
    let across = from.system.segment != to.system.segment;
    let severity = if across { Severity::High } else { Severity::Medium };
    let sentence = format!("{} takes account data in clear over our own network.", survey.flow_title(edge));
    let hit = Hit::on(edge.subject(), sentence).severity(severity).shows("encryption", "none").shows("net", "internal");
    hits.add(hit.shows("segment", across));
}
