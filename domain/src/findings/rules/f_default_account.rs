//! PCI DSS 2.2.2: default accounts of vendors are removed, disabled or changed.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::Survey;
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;

/// Default account of a vendor is in place.
pub const RULE: Rule = Rule {
    id: "F-DEFAULT-ACCOUNT",
    aliases: &[],
    version: 1,
    title: "Default account of a vendor is in place",
    sentence: "The passwords of default accounts are in every manual.",
    condition: "A default account of a vendor is neither disabled nor changed.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("2.2.2")],
    service_providers_only: false,
    reads: &["credential.kind", "credential.enabled", "credential.default_changed"],
    shows: &["kind", "enabled", "default_changed"],
    false_positives: "An account that the vendor removed by an update may still be on the list.",
    question: "Which setting shows that the account is disabled or its password changed?",
    fixes: &[
        FixOption::change("Disable the account", 1, |survey, finding| {
            fix::credential(survey, finding, |credential| fix::state(&mut credential.facts, "enabled", false))
        }),
        FixOption::fill("Change its password and say so", 1, &["credential.default_changed"]),
    ],
    fires: &[Example::new(
        "the account is as it was delivered",
        r#""systems":[{"id":"db"}],"credentials":[{"id":"root","kind":"vendor_default",
               "grants":[{"on":"db","priv":"admin"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it is disabled",
            r#""systems":[{"id":"db"}],"credentials":[{"id":"root","kind":"vendor_default","enabled":false,
               "grants":[{"on":"db","priv":"admin"}]}]"#,
        ),
        Example::new(
            "its password was changed",
            r#""systems":[{"id":"db"}],"credentials":[{"id":"root","kind":"vendor_default",
               "default_changed":true,"grants":[{"on":"db","priv":"admin"}]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(_: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    if credential.kind != CredentialKind::VendorDefault {
        return;
    }
    let (enabled, changed) = (said::yes(&credential.facts, "enabled"), said::yes(&credential.facts, "default_changed"));
    if enabled == Some(false) || changed == Some(true) {
        return;
    }
    let sentence = format!("The default account {} is neither disabled nor changed.", credential.name);
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("kind", credential.kind.as_str());
    hits.add(hit.shows("enabled", enabled).shows("default_changed", changed));
}
