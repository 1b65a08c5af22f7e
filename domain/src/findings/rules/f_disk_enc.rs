//! PCI DSS 3.5.1.2, 3.5.1.3: disk encryption alone protects card numbers on removable media only.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{data, said};
use crate::model::element::{Form, Holding, Op};

/// Disk encryption is the only protection.
pub const RULE: Rule = Rule {
    id: "F-DISK-ENC",
    aliases: &[],
    version: 1,
    title: "Disk encryption is the only protection",
    sentence: "While the machine runs, its disk is open to whoever gets in.",
    condition: "Stored card numbers are encrypted at the level of the disk, on a medium that is \
                not removable, and by no second method.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.5.1.2"), Pci("3.5.1.3")],
    service_providers_only: false,
    reads: &["holding.form", "holding.enc_level", "holding.media", "holding.second_method"],
    shows: &["enc_level", "media", "second_method"],
    false_positives: "A second method that nobody entered may protect the numbers.",
    question: "How is the encryption designed, and who can open it apart from the operating system?",
    fixes: &[FixOption::fill(
        "Encrypt the numbers themselves, in the column or the application",
        8,
        &["holding.second_method"],
    )],
    fires: &[Example::new(
        "card numbers lie on an encrypted disk",
        r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "enc_level":"disk","media":"fixed"}]}]"#,
    )],
    silent: &[
        Example::new(
            "a second method protects them",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "enc_level":"disk","media":"fixed","second_method":"column encryption"}]}]"#,
        ),
        Example::new(
            "the medium is removable",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "enc_level":"disk","media":"removable"}]}]"#,
        ),
        Example::new(
            "the column is encrypted",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","form":"encrypted","ops":["store"],
               "enc_level":"column"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.is_own() || node.system.disposed {
        return;
    }
    let on_disk = |it: &&Holding| {
        data::is_pan(it)
            && it.live
            && it.form == Form::Encrypted
            && it.ops.contains(Op::Store)
            && said::text(&it.facts, "enc_level") == Some("disk")
            && !said::anything(&it.facts, "second_method")
    };
    for holding in node.system.holdings.iter().filter(on_disk) {
        let hit = match said::text(&holding.facts, "media") {
            Some("removable" | "paper") => continue,
            None => {
                Hit::ask(node.subject(), format!("Is the disk of {} that has the card numbers removable?", node.name()))
            }
            Some(_) => {
                let sentence =
                    format!("{} protects its card numbers by nothing but the encryption of the disk.", node.name());
                Hit::on(node.subject(), sentence)
            }
        };
        let hit = hit.about_element(&holding.element).shows("enc_level", "disk").shows("second_method", false);
        hits.add(hit.shows("media", said::text(&holding.facts, "media")));
        return;
    }
}
