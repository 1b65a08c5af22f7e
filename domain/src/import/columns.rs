//! Which header names which attribute. Case, blanks and punctuation do not matter, and common other names are known.

use super::rejection::{Rejection, shortened};
use super::words::compact;
use crate::model::fact::{Attribute, attributes_of};
use crate::model::object::ObjectKind;
use crate::text::text_enum;

text_enum! {
    /// The columns of a file of systems, beside the registered facts.
    SystemColumn {
        Id = "id": "The key; a slug of the name where there is none",
        Name = "name": "What people call it; the key where there is none",
        Kind = "kind": "What it is",
        Function = "function": "What it is for",
        Boundary = "boundary": "Whose it is",
        Environment = "environment": "The environment",
        Segment = "segment": "The network segment; a new one is created",
        Lifecycle = "lifecycle": "The stage of life",
        Vendor = "vendor": "The vendor of a third-party system; a new one is created",
        PaymentPage = "payment_page": "How it takes the card",
        Exposure = "exposure": "From where it can be reached",
        Undeclared = "undeclared": "Yes for a system that only a flow named so far",
    }
}

text_enum! {
    /// The columns of a file of flows, beside the registered facts.
    FlowColumn {
        Id = "id": "The key; source, target, protocol and operation where there is none",
        Name = "name": "What people call it; the operation where there is none",
        Source = "source": "The system that the data leaves, by key or name",
        Target = "target": "The system that the data reaches, by key or name",
        Kind = "kind": "The kind of path",
        Protocol = "protocol": "The protocol; the word of a kind sets the kind",
        Operation = "operation": "The call, as the interface names it",
        Fields = "fields": "The names on the wire, separated by semicolons",
        Auth = "auth": "How the initiating end proves who it is",
        Encryption = "encryption": "How it is encrypted",
        Initiator = "initiator": "Which end opens the connection",
        Channel = "channel": "Network or offline",
        Access = "access": "What the network lets through",
        Stage = "stage": "The stage of life",
    }
}

/// What one column of a file holds: an attribute of the list, or a registered fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column<C> {
    /// A column of the list.
    Own(C),
    /// A registered fact.
    Fact(&'static Attribute),
}

/// A list of columns with what people call them.
pub trait Columns: Copy + Eq + 'static {
    /// The kind of object.
    const OBJECT: ObjectKind;
    /// Every column.
    const COLUMNS: &'static [Self];
    /// The name in files.
    fn name(self) -> &'static str;
    /// Other names, letters and digits only, in lower case.
    fn other_names(self) -> &'static [&'static str];
}

impl Columns for SystemColumn {
    const OBJECT: ObjectKind = ObjectKind::System;
    const COLUMNS: &'static [Self] = Self::ALL;

    fn name(self) -> &'static str {
        self.as_str()
    }

    fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["key", "systemid", "systemkey", "identifier", "assetid", "serviceid", "componentid"],
            Self::Name => &[
                "systemname",
                "system",
                "service",
                "servicename",
                "component",
                "application",
                "app",
                "asset",
                "assetname",
                "title",
            ],
            Self::Kind => &["type", "systemkind", "systemtype", "componenttype", "assettype", "category"],
            Self::Function => &["role", "systemfunction", "purposeofsystem"],
            Self::Boundary => &["ownership", "ownedby", "party"],
            Self::Environment => &["env", "tier"],
            Self::Segment => &["zone", "network", "networksegment", "networkzone", "subnet", "vlan", "trustzone"],
            Self::Lifecycle => &["status", "stage", "lifecyclestage", "state"],
            Self::Vendor => &["supplier", "provider", "manufacturer"],
            Self::PaymentPage => &["paymentform", "cardpage", "checkoutpage"],
            Self::Exposure => &["exposed", "reachability", "reachablefrom", "internetfacing"],
            Self::Undeclared => &[],
        }
    }
}

impl Columns for FlowColumn {
    const OBJECT: ObjectKind = ObjectKind::Flow;
    const COLUMNS: &'static [Self] = Self::ALL;

    fn name(self) -> &'static str {
        self.as_str()
    }

    fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["key", "flowid", "flowkey", "identifier"],
            Self::Name => &["flowname", "flow", "title", "label", "description"],
            Self::Source => &["from", "src", "producer", "caller", "sender", "origin", "sourcesystem", "client"],
            Self::Target => &[
                "to",
                "dst",
                "dest",
                "destination",
                "consumer",
                "callee",
                "receiver",
                "sink",
                "targetsystem",
                "server",
            ],
            Self::Kind => &["type", "flowkind", "flowtype", "edgekind"],
            Self::Protocol => &["transportprotocol", "proto"],
            Self::Operation => &["method", "endpoint", "call", "operations", "rpc", "operationname"],
            Self::Fields => &["data", "payload", "elements", "dataelements", "fieldnames", "datafields"],
            Self::Auth => &["authentication", "authn", "authmethod"],
            Self::Encryption => &["tls", "encrypted", "transportencryption"],
            Self::Initiator => &["initiatedby", "openedby", "connectionopenedby"],
            Self::Channel => &["medium"],
            Self::Access => &["networkaccess", "rule", "firewallrule"],
            Self::Stage => &["status", "lifecycle", "lifecyclestage", "state"],
        }
    }
}

/// Which facts a file of these objects can have as columns of their own.
pub fn fact_columns<C: Columns>() -> impl Iterator<Item = &'static Attribute> {
    attributes_of(C::OBJECT).filter(|fact| C::COLUMNS.iter().all(|own| own.name() != fact.name))
}

/// The columns of a file, in its order, and those that mean nothing here.
#[derive(Debug, PartialEq, Eq)]
pub struct Header<C> {
    /// Per column of the file: what it holds, and the name it has in the file.
    pub columns: Vec<(Option<Column<C>>, String)>,
    /// The names of the columns that are left out.
    pub ignored: Vec<String>,
}

/// How well a header names a column: the smaller, the better.
fn rank<C: Columns>(header: &str, column: Column<C>) -> Option<u8> {
    let text = compact(header);
    let bare = text.strip_prefix("fact").unwrap_or(&text);
    match column {
        Column::Own(own) if text == compact(own.name()) => Some(0),
        Column::Own(own) => own.other_names().contains(&text.as_str()).then_some(2),
        Column::Fact(fact) if bare == compact(fact.name) => Some(1),
        Column::Fact(fact) if fact.name == "owner" => {
            ["responsible", "ownerteam", "team", "responsibleperson"].contains(&text.as_str()).then_some(2)
        }
        Column::Fact(fact) => (text == compact(fact.label)).then_some(3),
    }
}

/// Finds out what each column holds. Of two columns that mean the same, the one with the better name counts.
///
/// # Errors
/// Two columns have the same name.
pub fn header<C: Columns>(file: &str, line: usize, names: &[String]) -> Result<Header<C>, Rejection> {
    let candidates: Vec<Column<C>> =
        C::COLUMNS.iter().map(|own| Column::Own(*own)).chain(fact_columns::<C>().map(Column::Fact)).collect();
    let best: Vec<Option<(u8, Column<C>)>> = names
        .iter()
        .map(|name| {
            let ranked = candidates.iter().filter_map(|column| Some((rank(name, *column)?, *column)));
            ranked.min_by_key(|(rank, _)| *rank)
        })
        .collect();
    let mut columns = Vec::with_capacity(names.len());
    let mut ignored = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let mut taken = best[at];
        if let Some((rank, column)) = taken {
            let rivals =
                || best.iter().enumerate().filter(|(other, it)| *other != at && it.is_some_and(|it| it.1 == column));
            if rivals().any(|(other, _)| compact(&names[other]) == compact(name)) {
                let reason = format!("two columns are named \"{}\"", shortened(name));
                return Err(Rejection::of_file(file, reason, "rename or remove one of them").at(line).field(name));
            }
            if rivals().any(|(other, it)| it.is_some_and(|it| (it.0, other) < (rank, at))) {
                taken = None;
            }
        }
        if taken.is_none() && !name.trim().is_empty() {
            ignored.push(name.trim().to_owned());
        }
        columns.push((taken.map(|(_, column)| column), name.trim().to_owned()));
    }
    Ok(Header { columns, ignored })
}

/// Whether some header names the column.
pub fn names_column<C: Columns>(names: &[String], column: C) -> bool {
    names.iter().any(|name| rank(name, Column::Own(column)).is_some())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read<C: Columns>(names: &[&str]) -> Result<Header<C>, Rejection> {
        header::<C>("a.csv", 1, &names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn headers_match_whatever_their_case_blanks_and_usual_names() {
        let it = read::<FlowColumn>(&["From System", "SRC", " Dst ", "Payload", "TLS", "evidence"]).unwrap();
        let own: Vec<Option<Column<FlowColumn>>> = it.columns.iter().map(|(column, _)| *column).collect();
        assert_eq!(
            own[1..5],
            [FlowColumn::Source, FlowColumn::Target, FlowColumn::Fields, FlowColumn::Encryption]
                .map(|column| Some(Column::Own(column)))
        );
        assert_eq!(it.ignored, ["From System", "evidence"]);
        let it = read::<SystemColumn>(&["System ID", "payment-page", "Network Zone"]).unwrap();
        assert_eq!(it.ignored, Vec::<String>::new());
    }

    #[test]
    fn of_two_names_for_one_column_the_better_counts_and_the_other_is_listed() {
        let it = read::<SystemColumn>(&["type", "kind"]).unwrap();
        assert_eq!(it.ignored, ["type"]);
        assert_eq!(it.columns[1].0, Some(Column::Own(SystemColumn::Kind)));
    }

    #[test]
    fn two_columns_of_the_same_name_are_refused() {
        let sentence = read::<SystemColumn>(&["id", "ID"]).unwrap_err().to_string();
        assert!(sentence.contains("line 1") && sentence.contains("two columns"), "{sentence}");
    }

    #[test]
    fn the_owner_is_a_column_of_systems_and_flows() {
        for name in ["owner", "Owner", "responsible"] {
            assert!(
                matches!(read::<SystemColumn>(&[name]).unwrap().columns[0].0, Some(Column::Fact(it)) if it.name == "owner")
            );
            assert!(
                matches!(read::<FlowColumn>(&[name]).unwrap().columns[0].0, Some(Column::Fact(it)) if it.name == "owner")
            );
        }
    }

    #[test]
    fn no_other_name_is_given_to_two_columns() {
        fn check<C: Columns>() {
            let mut seen = std::collections::BTreeSet::new();
            for column in C::COLUMNS {
                for name in column.other_names() {
                    assert!(seen.insert(*name), "{name}");
                    assert_eq!(compact(name), *name);
                }
            }
        }
        check::<SystemColumn>();
        check::<FlowColumn>();
    }
}
