//! PCI DSS 1.3.2: only what is needed leaves the CDE.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};
use crate::model::relations::Access;

/// Outbound traffic from the CDE not restricted.
pub const RULE: Rule = Rule {
    id: "F-CDE-OUTBOUND",
    aliases: &[],
    version: 1,
    title: "Outbound traffic from the CDE not restricted",
    sentence: "Whoever gets into the CDE can carry card data out through every door that is open.",
    condition: "A flow out of a CDE system has unrestricted access, or leads to the internet \
                although it is said not to be limited by an allow list.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("1.3.2")],
    service_providers_only: false,
    reads: &["flow.access", "flow.from", "flow.allow_list", "system.exposure", "system.category"],
    shows: &["access", "allow_list", "exposure"],
    false_positives: "A proxy on the way may restrict the traffic; enter it as a node on the way and \
                set the allow list.",
    question: "Does the export of the rules allow only what the model lists, and deny \
                everything else?",
    fixes: &[FixOption::change("Allow only what is needed", 3, |survey, finding| {
        fix::flow(survey, finding, |flow| {
            flow.access = Access::Restricted;
            fix::state(&mut flow.facts, "allow_list", true);
        })
    })],
    fires: &[
        Example::new(
            "anything may leave the CDE",
            r#""systems":[{"id":"fraud"},{"id":"vault","holdings":[{"element":"pan"}]}],"flows":[{"id":"f",
               "from":"vault","to":"fraud","access":"unrestricted"}]"#,
        ),
        Example::new(
            "no allow list limits a flow to the internet",
            r#""systems":[{"id":"saas","boundary":"third_party"},{"id":"vault",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"vault","to":"saas",
               "allow_list":false}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the flow is restricted",
            r#""systems":[{"id":"fraud"},{"id":"vault","holdings":[{"element":"pan"}]}],"flows":[{"id":"f",
               "from":"vault","to":"fraud"}]"#,
        ),
        Example::new(
            "nobody said whether there is an allow list",
            r#""systems":[{"id":"saas","boundary":"third_party"},{"id":"vault",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"vault","to":"saas"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let (from, to) = (survey.from(edge), survey.to(edge));
    if !(from.is_cde() && from.handles_account_data() && edge.on_network()) {
        return;
    }
    let allow_list = said::yes(&edge.flow.facts, "allow_list");
    let sentence = if edge.flow.access == Access::Unrestricted {
        format!("{} is in the CDE, and anything may leave it towards {}.", from.name(), to.name())
    } else if to.is_on_the_internet() && allow_list == Some(false) {
        format!("{} is in the CDE and reaches {} on the internet without an allow list.", from.name(), to.name())
    } else {
        return;
    };
    let hit =
        Hit::on(edge.subject(), sentence).shows("access", edge.flow.access.as_str()).shows("allow_list", allow_list);
    hits.add(hit.shows_of(to.subject(), "exposure", if to.is_on_the_internet() { "internet" } else { "internal" }));
}
