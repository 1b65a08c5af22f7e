//! The list of kinds, in the order of the navigation.

use super::{Group, Input, Kind, Property, When};
use crate::model::draft::{NAME_MAX, options};
use crate::model::fact::{EVIDENCE_MAX, LONG_TEXT_MAX, TEXT_MAX};
use crate::model::object::ObjectKind;

/// Every kind of record that has no page of its own elsewhere.
pub const KINDS: &[Kind] = &[
    Kind {
        object: ObjectKind::Segment,
        word: "segments",
        one: "segment",
        several: "Segments",
        group: Group::Network,
        picture: "segment",
        purpose: "A segment is a part of the network whose systems reach each other.",
        effect: "A system that stands in one segment with card data is in scope, unless the segment denies by default.",
        properties: &[
            name("As people call it."),
            first("trust", "Trust", "How far its systems are trusted.", Input::Choice(options::trusts)),
            first(
                "microsegmented",
                "Denies by default inside",
                "Yes, where standing in it together connects nothing.",
                Input::YesNo,
            ),
        ],
        columns: &["trust", "microsegmented", "site", "owner", "uses"],
    },
    Kind {
        object: ObjectKind::Link,
        word: "links",
        one: "segment link",
        several: "Segment links",
        group: Group::Network,
        picture: "link",
        purpose: "A segment link says what may pass between two segments, and which control sees to it.",
        effect: "An open link makes two segments one zone. A denied link keeps a segment out of scope once its control is \
                 tested; a pair without a link counts as filtered.",
        properties: &[
            once("a", "One segment", "", Input::One(ObjectKind::Segment)),
            once("b", "The other segment", "", Input::One(ObjectKind::Segment)),
            first("policy", "What may pass", "", Input::Choice(options::link_policies)),
            first("control", "Enforced by", "The control that sees to it.", Input::One(ObjectKind::Control)),
        ],
        columns: &["policy", "control", "owner", "reviewed_at"],
    },
    Kind {
        object: ObjectKind::Control,
        word: "controls",
        one: "control",
        several: "Controls",
        group: Group::Network,
        picture: "shield",
        purpose: "A control separates segments or protects systems: a firewall, a second factor, a change approval.",
        effect: "A separation counts only while its control is verified: tested within twelve months (six for a service \
                 provider) and not changed since.",
        properties: &[
            name("As people call it."),
            first("kind", "Type", "", Input::Choice(options::control_types)),
            first("between", "Separates", "The segments between which it stands.", Input::Several(ObjectKind::Segment)),
            first("last_tested", "Tested on", "The day of the last test of it.", Input::Day),
            told("status", "Status", Input::Choice(options::control_statuses)),
            later("failed", "The last test failed", "", Input::YesNo),
            later("last_change", "Changed on", "The day of the last change of its rules.", Input::Day),
            later("last_review", "Reviewed on", "The day of the last review of its rules.", Input::Day),
            later("mode", "What it does", "", Input::Choice(options::control_modes)),
            later(
                "applies_to",
                "Applies to",
                "Keys of systems, flows, segments or payment pages, divided by semicolons.",
                Input::Texts,
            ),
            later("frequency_days", "Tested every", "", Input::Count("days")),
            later("report_ref", "Report", "The reference of the report of the last test.", Input::Line(EVIDENCE_MAX)),
        ],
        columns: &["kind", "status", "between", "last_tested", "uses", "owner"],
    },
    Kind {
        object: ObjectKind::Credential,
        word: "credentials",
        one: "credential",
        several: "Credentials",
        group: Group::Access,
        picture: "key",
        purpose: "A credential is a secret that gives access: who has it, and what it may do where. Never the secret \
                  itself.",
        effect: "Who holds it reaches what its grants allow, so it decides the blast radius; a flow that uses it carries \
                 its rights.",
        properties: &[
            name("As people call it, for example refund job."),
            first("kind", "Kind", "", Input::Choice(options::credential_kinds)),
            first("held_by", "Held by", "The systems that have it.", Input::Several(ObjectKind::System)),
            later("grants", "Grants", "", Input::Grants),
            told("reaches", "Reaches", Input::Several(ObjectKind::System)),
            later("location", "Kept in", "", Input::Choice(options::secret_locations)),
            later("mfa", "Asks for a second factor", "", Input::YesNo),
            later("shared", "Several people or programs use it", "", Input::YesNo),
            later("bound", "Works only from certain systems", "", Input::YesNo),
            later(
                "bound_to",
                "Those systems",
                "Empty where it works from nowhere.",
                Input::Several(ObjectKind::System),
            ),
            later("ttl_minutes", "Expires by itself after", "", Input::Count("minutes")),
            later("non_exportable", "Cannot be copied off its holder", "", Input::YesNo),
        ],
        columns: &["kind", "held_by", "reaches", "location", "mfa", "last_rotated", "owner"],
    },
    Kind {
        object: ObjectKind::Key,
        word: "keys",
        one: "key",
        several: "Keys",
        group: Group::Access,
        picture: "lock",
        purpose: "A cryptographic key and the systems that can use it. Never the key itself.",
        effect: "Ciphertext is out of scope only where nobody of ours who has it can decrypt it.",
        properties: &[
            name("As people call it."),
            first("use", "Use", "", Input::Choice(options::key_uses)),
            first("holders", "Holders", "The systems that can use it.", Input::Several(ObjectKind::System)),
            later("p2pe_listed", "Part of a listed P2PE solution", "", Input::YesNo),
            later("attested", "Evidence says that we cannot decrypt", "", Input::YesNo),
        ],
        columns: &["use", "holders", "algorithm", "last_rotated", "expires", "owner", "uses"],
    },
    Kind {
        object: ObjectKind::Certificate,
        word: "certificates",
        one: "certificate",
        several: "Certificates",
        group: Group::Access,
        picture: "evidence",
        purpose: "A certificate that protects account data on its way (PCI DSS 4.2.1.1).",
        effect: "It changes no category; what is about to expire or is not trusted is work.",
        properties: &[name("As people call it.")],
        columns: &["subject", "issuer", "not_after", "owner", "uses"],
    },
    Kind {
        object: ObjectKind::AccessGroup,
        word: "access-groups",
        one: "access group",
        several: "Access groups",
        group: Group::Access,
        picture: "users",
        purpose: "An access group is who has one role on one system: how many people can see or change what is on it.",
        effect: "It changes no category; it says how many people can reach account data, and who approved that.",
        properties: &[name("As people call it.")],
        columns: &["system", "role", "priv", "members", "approved_by", "reviewed_at"],
    },
    Kind {
        object: ObjectKind::ElementPolicy,
        word: "element-policies",
        one: "element policy",
        several: "Element policies",
        group: Group::Data,
        picture: "fields",
        purpose: "An element policy says of one data element how long it may be kept, why, in which forms and where. An \
                  element that the catalogue does not have is one of your own.",
        effect: "It changes no category; it says which holdings keep more, or longer, than they should.",
        properties: &[name("As people call it.")],
        columns: &["element", "class", "retention_days_max", "lawful_basis", "owner"],
    },
    Kind {
        object: ObjectKind::TokenDomain,
        word: "token-domains",
        one: "token domain",
        several: "Token domains",
        group: Group::Data,
        picture: "tag",
        purpose: "A token domain is the tokens that one vault issues, and what can be done with one of them.",
        effect: "Who can turn tokens of the domain back into card numbers handles card data with every token it has.",
        properties: &[name("As people call it.")],
        columns: &["issuer", "vault", "can_charge", "single_use", "uses"],
    },
    Kind {
        object: ObjectKind::Page,
        word: "pages",
        one: "payment page",
        several: "Payment pages",
        group: Group::Data,
        picture: "globe",
        purpose: "A payment page is where a customer types the card, and which system serves it.",
        effect: "Whoever can change the page can read what is typed: the system that serves it impacts security.",
        properties: &[name("As people call it.")],
        columns: &["system", "path", "style", "form_elements_from", "uses"],
    },
    Kind {
        object: ObjectKind::Script,
        word: "scripts",
        one: "script",
        several: "Scripts",
        group: Group::Data,
        picture: "file",
        purpose: "A script that runs on a payment page, with who authorised it and why (PCI DSS 6.4.3).",
        effect: "It changes no category; a script that nobody authorised or that nothing checks is work.",
        properties: &[name("As people call it.")],
        columns: &["page", "source", "party", "authorised_by", "integrity_method", "last_verified"],
    },
    Kind {
        object: ObjectKind::Vendor,
        word: "vendors",
        one: "vendor",
        several: "Vendors",
        group: Group::Others,
        picture: "vendor",
        purpose: "A vendor is another organisation that has our systems or our account data, or could affect them.",
        effect: "It takes systems out of ours, never the duty to look after them (PCI DSS 12.8).",
        properties: &[name("As people call it.")],
        columns: &["services", "aoc_date", "aoc_expires", "remote_access", "owner", "uses"],
    },
    Kind {
        object: ObjectKind::Connector,
        word: "connectors",
        one: "connector",
        several: "Connectors",
        group: Group::Others,
        picture: "flow",
        purpose: "A connector is a named group of flows to one other organisation: a plug-in, a gateway client, a feed.",
        effect: "It changes no category by itself; a hostile connector starts a blast radius of its own.",
        properties: &[name("As people call it.")],
        columns: &["vendor", "host", "version", "flows", "reviewed_at", "owner"],
    },
    Kind {
        object: ObjectKind::Settings,
        word: "settings",
        one: "settings of the engine",
        several: "Settings of the engine",
        group: Group::Decisions,
        picture: "settings",
        purpose: "What the engine is told beside the objects: how strictly it reads the network, and what kind of entity \
                  you are.",
        effect: "Read strictly, two segments without a link between them are one zone. The target view counts what is \
                 planned and leaves out what retires.",
        properties: &[
            first("view", "View", "Which stages of life count.", Input::Choice(options::views)),
            first(
                "strict_flat",
                "Read the network strictly",
                "Yes: segments without a link count as open to each other until their separation is tested.",
                Input::YesNo,
            ),
            first(
                "service_provider",
                "We are a service provider",
                "Tests of segmentation then count for six months.",
                Input::YesNo,
            ),
        ],
        columns: &["view", "strict_flat", "service_provider"],
    },
    Kind {
        object: ObjectKind::Override,
        word: "overrides",
        one: "scope override",
        several: "Scope overrides",
        group: Group::Decisions,
        picture: "risks",
        purpose: "A scope override is a person's decision on the category of one system, with why and until when.",
        effect: "Upwards it applies at once. Downwards it needs evidence and the approval of somebody else, and clear card \
                 data is never decided away. It ends with its last day, or when the facts change.",
        properties: &[
            once("system", "System", "The system that the decision is about.", Input::One(ObjectKind::System)),
            first("category", "Category", "What it is from now on.", Input::Choice(options::override_categories)),
            first("justification", "Why", "In at least 20 characters.", Input::Lines(LONG_TEXT_MAX)),
            first("expires", "Last day", "Within a year, or half a year for a service provider.", Input::Day),
            first(
                "evidence",
                "Evidence",
                "References such as EV-0001, divided by semicolons. A decision downwards needs one.",
                Input::Texts,
            ),
            later("role", "Decided as", "For example QSA, ISA or owner.", Input::Line(TEXT_MAX)),
            told("author", "Written by", Input::One(ObjectKind::Person)),
            told("approver", "Approved by", Input::One(ObjectKind::Person)),
            told("decided_at", "Decided on", Input::Day),
        ],
        columns: &["category", "author", "approver", "decided_at", "expires"],
    },
];

pub(super) const fn name(hint: &'static str) -> Property {
    Property { name: "name", label: "Name", hint, input: Input::Line(NAME_MAX), when: When::First }
}

pub(super) const fn first(name: &'static str, label: &'static str, hint: &'static str, input: Input) -> Property {
    Property { name, label, hint, input, when: When::First }
}

const fn once(name: &'static str, label: &'static str, hint: &'static str, input: Input) -> Property {
    Property { name, label, hint, input, when: When::Once }
}

pub(super) const fn later(name: &'static str, label: &'static str, hint: &'static str, input: Input) -> Property {
    Property { name, label, hint, input, when: When::Later }
}

pub(super) const fn told(name: &'static str, label: &'static str, input: Input) -> Property {
    Property { name, label, hint: "", input, when: When::Told }
}
