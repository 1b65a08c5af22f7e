//! PCI DSS 12.3.3: ciphers and protocols in use are inventoried and reviewed every year.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};
use crate::model::relations::Encryption;

/// Encrypted connection not in the cipher inventory.
pub const RULE: Rule = Rule {
    id: "F-CRYPTO-INV",
    aliases: &[],
    version: 1,
    title: "Encrypted connection not in the cipher inventory",
    sentence: "When a cipher is broken, only the inventory says where it is used.",
    condition: "A flow of a system in scope is encrypted in transport and is said not to be in \
                the cipher inventory.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("12.3.3")],
    service_providers_only: false,
    reads: &["flow.encryption", "flow.in_cipher_inventory", "flow.cipher_suites", "system.category"],
    shows: &["in_cipher_inventory", "encryption", "cipher_suites"],
    false_positives: "The inventory may list the terminating proxy and not each flow.",
    question: "Which inventory lists ciphers and protocols, and when was it reviewed?",
    fixes: &[FixOption::change("Add it to the inventory", 1, |survey, finding| {
        fix::flow(survey, finding, |flow| fix::state(&mut flow.facts, "in_cipher_inventory", true))
    })],
    fires: &[Example::new(
        "it is not in the inventory",
        r#""systems":[{"id":"app"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"app","to":"vault","in_cipher_inventory":false}]"#,
    )],
    silent: &[
        Example::new(
            "it is",
            r#""systems":[{"id":"app"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"app","to":"vault","in_cipher_inventory":true}]"#,
        ),
        Example::new(
            "nobody said",
            r#""systems":[{"id":"app"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"app","to":"vault"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let encrypted = matches!(flow.encryption, Encryption::Transport | Encryption::Both);
    let listed = said::yes(&flow.facts, "in_cipher_inventory");
    if !(edge.on_network() && encrypted && survey.ends(edge).iter().any(|it| it.in_scope())) || listed != Some(false) {
        return;
    }
    let sentence = format!("{} is encrypted, and not in the cipher inventory.", survey.flow_title(edge));
    let hit = Hit::on(edge.subject(), sentence).shows("in_cipher_inventory", listed);
    let suites = said::list(&flow.facts, "cipher_suites").len() as u64;
    hits.add(hit.shows("encryption", flow.encryption.as_str()).shows("cipher_suites", suites));
}
