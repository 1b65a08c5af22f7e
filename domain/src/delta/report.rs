//! A delta as a file for programs, as sentences, and as a text for people.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{BlastChange, CategoryChange, Change, Delta, Few, FieldChange, ObjectChange, PartChange, Reach};
use crate::model::object::ObjectKind;
use crate::scope::verdict::{Category, Sub};
use crate::table::{counted, one_line};

/// The delta as JSON: `differs`, then `objects`, `categories`, `saq_hint` and `blast`. The same two models give the same
/// bytes.
#[must_use]
pub fn json(delta: &Delta) -> String {
    let hint = |(before, after)| json!({ "before": before, "after": after });
    let value = json!({
        "differs": !delta.is_empty(),
        "objects": delta.objects.iter().map(object_value).collect::<Vec<_>>(),
        "categories": delta.categories.iter().map(category_value).collect::<Vec<_>>(),
        "saq_hint": delta.saq_hint.map(hint),
        "blast": &delta.blast,
    });
    let mut text = serde_json::to_string_pretty(&value).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}

/// One sentence for each change: of objects, of categories, of the questionnaire, of blast radii.
#[must_use]
pub fn sentences(delta: &Delta) -> Vec<String> {
    let objects = delta.objects.iter().map(|it| {
        let what = format!("{} {}", it.object.kind().label(), it.name);
        match &it.change {
            Change::Added => format!("{what} is new."),
            Change::Removed => format!("{what} is gone."),
            Change::Changed { attributes, parts } => {
                let all = attributes.iter().map(attribute).chain(parts.iter().map(part_in_words));
                format!("{what} changes: {}.", all.collect::<Vec<_>>().join("; "))
            }
        }
    });
    let categories = delta.categories.iter().map(|it| format!("{}.", category(it)));
    let hint = delta.saq_hint.iter().map(|(before, after)| {
        format!("The plausible questionnaire changes from {} to {}.", before.label(), after.label())
    });
    let blast = delta.blast.changes.iter().map(|it| format!("Blast radius of {}.", blast(it)));
    objects.chain(categories).chain(hint).chain(blast).map(|text| one_line(&text)).collect()
}

/// The delta as a text for people: objects by kind, then categories with their reasons, then blast radii.
#[must_use]
pub fn text(delta: &Delta) -> String {
    if delta.is_empty() {
        return "The two models do not differ.\n".to_owned();
    }
    let mut lines = Vec::new();
    for group in delta.objects.chunk_by(|one, other| one.object.kind() == other.object.kind()) {
        lines.push(heading(group));
        group.iter().for_each(|it| object_lines(it, &mut lines));
        lines.push(String::new());
    }
    if !delta.categories.is_empty() {
        lines.push(format!("Scope: {} of category", counted(delta.categories.len(), "change")));
        for it in &delta.categories {
            lines.push(format!("  {}", category(it)));
            lines.extend(it.because.iter().map(|sentence| format!("      {sentence}")));
        }
        lines.push(String::new());
    }
    if let Some((before, after)) = &delta.saq_hint {
        lines.extend([format!("SAQ hint: {} -> {}", before.label(), after.label()), String::new()]);
    }
    blast_lines(delta, &mut lines);
    lines.pop();
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{}", one_line(line));
        text
    })
}

fn object_value(it: &ObjectChange) -> Value {
    let mut value = json!({ "kind": it.object.kind(), "key": it.object.key(), "name": it.name });
    let change = serde_json::to_value(&it.change).expect("texts and lists always have a form in JSON");
    if let (Value::Object(value), Value::Object(change)) = (&mut value, change) {
        value.extend(change);
    }
    value
}

fn category_value(it: &CategoryChange) -> Value {
    let side =
        |side: Option<(Category, Option<Sub>)>| side.map(|(category, sub)| json!({ "category": category, "sub": sub }));
    json!({
        "system": it.system,
        "name": it.name,
        "before": side(it.before),
        "after": side(it.after),
        "because": it.because.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// The kind of a group of changes, and how many objects come, go and change.
fn heading(group: &[ObjectChange]) -> String {
    let count = |is: fn(&Change) -> bool| group.iter().filter(|it| is(&it.change)).count();
    let counts = [
        (count(|it| matches!(it, Change::Added)), "added"),
        (count(|it| matches!(it, Change::Removed)), "removed"),
        (count(|it| matches!(it, Change::Changed { .. })), "changed"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let kind = group.first().map_or("", |it| plural(it.object.kind()));
    format!("{kind}: {}", counts.join(", "))
}

fn object_lines(it: &ObjectChange, lines: &mut Vec<String>) {
    let key = it.object.key();
    let name = if it.name == key || it.object.kind() == ObjectKind::Settings {
        it.name.clone()
    } else {
        format!("{} ({key})", it.name)
    };
    lines.push(format!("  {} {name}", sign(&it.change)));
    if let Change::Changed { attributes, parts } = &it.change {
        lines.extend(attributes.iter().map(|it| format!("      {}", attribute(it))));
        lines.extend(parts.iter().map(|it| format!("      {}", part(it))));
    }
}

const fn sign(change: &Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed { .. } => '~',
    }
}

fn attribute(it: &FieldChange) -> String {
    let value = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("\"{text}\"") };
    format!("{} {} -> {}", it.name, value(&it.before), value(&it.after))
}

fn part(it: &PartChange) -> String {
    let what = format!("{} {} {}", sign(&it.change), it.list, it.name);
    match &it.change {
        Change::Added | Change::Removed => what,
        Change::Changed { attributes, .. } => {
            format!("{what}: {}", attributes.iter().map(attribute).collect::<Vec<_>>().join(", "))
        }
    }
}

fn part_in_words(it: &PartChange) -> String {
    let what = format!("{} in {}", it.name, it.list);
    match &it.change {
        Change::Added => format!("{what} is new"),
        Change::Removed => format!("{what} is gone"),
        Change::Changed { attributes, .. } => {
            format!("{what} has {}", attributes.iter().map(attribute).collect::<Vec<_>>().join(", "))
        }
    }
}

fn category(it: &CategoryChange) -> String {
    let side = |side: Option<(Category, Option<Sub>)>, absent: &str| match side {
        Some((category, Some(sub))) => format!("{category}/{sub}"),
        Some((category, None)) => category.to_string(),
        None => absent.to_owned(),
    };
    let name = if it.name == it.system.as_str() { it.name.clone() } else { format!("{} ({})", it.name, it.system) };
    format!("{name}: {} -> {}", side(it.before, "new"), side(it.after, "gone"))
}

fn blast_lines(delta: &Delta, lines: &mut Vec<String>) {
    let blast_delta = &delta.blast;
    if blast_delta.compared == 0 {
        return;
    }
    let of = counted(blast_delta.compared + blast_delta.left_out, "start");
    let left_out = match blast_delta.left_out {
        0 => String::new(),
        left_out => format!(" ({left_out} not compared, because the models are too large)"),
    };
    lines.push(format!("Blast radius: {} from {of}{left_out}", counted(blast_delta.changes.len(), "change")));
    for it in &blast_delta.changes {
        lines.push(format!("  {}", blast(it)));
        lines.extend(few("now controls", &it.controls));
        lines.extend(few("no longer controls", &it.no_longer_controls));
        lines.extend(few("now sees", &it.sees));
        lines.extend(few("no longer sees", &it.no_longer_sees));
    }
    lines.push(String::new());
}

fn blast(it: &BlastChange) -> String {
    let side = |reach: &Option<Reach>, absent: &str| {
        reach.as_ref().map_or(absent.to_owned(), |it| {
            let more = if it.records_unknown { "+" } else { "" };
            format!(
                "{} (score {}, card records {}{more}, {})",
                it.band,
                it.score,
                it.records_pan,
                counted(it.controlled, "system")
            )
        })
    };
    format!("{}: {} -> {}", it.start, side(&it.before, "new"), side(&it.after, "gone"))
}

fn few<T: ToString>(what: &str, few: &Few<T>) -> Option<String> {
    let first: Vec<String> = few.first.iter().map(ToString::to_string).collect();
    let more = match few.count - few.first.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (few.count > 0).then(|| format!("      {what} {}{more}", first.join(", ")))
}

const fn plural(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Settings => "Settings",
        ObjectKind::Person => "People and teams",
        ObjectKind::Vendor => "Vendors",
        ObjectKind::Segment => "Segments",
        ObjectKind::Control => "Controls",
        ObjectKind::Link => "Links",
        ObjectKind::System => "Systems",
        ObjectKind::Key => "Keys",
        ObjectKind::Credential => "Credentials",
        ObjectKind::Flow => "Flows",
        ObjectKind::Override => "Overrides",
        ObjectKind::Connector => "Connectors",
        ObjectKind::Certificate => "Certificates",
        ObjectKind::TokenDomain => "Token domains",
        ObjectKind::ElementPolicy => "Element policies",
        ObjectKind::Page => "Payment pages",
        ObjectKind::Script => "Scripts",
        ObjectKind::AccessGroup => "Access groups",
        ObjectKind::Observation => "Sources of observations",
        ObjectKind::Holding => "Holdings",
        ObjectKind::FlowField => "Fields on flows",
        ObjectKind::Grant => "Grants",
    }
}
