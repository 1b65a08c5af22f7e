//! What the forms of systems and flows have in common: elements in rows, registered facts, conflicts, buttons.

use domain::model::Model;
use domain::model::draft::options::{self, Fixed};
use domain::model::fact::{Attribute, FactType, LONG_TEXT_MAX, TEXT_MAX, attribute, attributes_of, has_own_page};
use domain::model::object::ObjectKind;
use domain::problem::Problem;
use leptos::prelude::*;

use super::request::{Place, Request};
use crate::islands::rows::{NUMBER, RepeatingRows};
use crate::ui::field::{Field, Input, field, hidden};
use crate::ui::form::{FormState, problem_box};
use crate::ui::icon::icon;
use crate::ui::table::{cell, small};

/// A form being filled in: the values, and the model they refer to.
pub(super) struct Editor<'a> {
    /// Values and errors.
    pub form: &'a FormState,
    /// The model.
    pub model: &'a Model,
}

/// Which rows a form has.
pub(super) struct Group {
    /// The first part of the names of their fields.
    pub name: &'static str,
    /// Whose facts they carry.
    pub kind: ObjectKind,
    /// One of them, in words.
    pub word: &'static str,
}

/// The elements on a system.
pub(super) const HOLDINGS: Group = Group { name: "holding", kind: ObjectKind::Holding, word: "element" };
/// The elements on a flow.
pub(super) const FIELDS: Group = Group { name: "field", kind: ObjectKind::FlowField, word: "field" };

impl Editor<'_> {
    /// A closed list.
    pub fn choice(&self, name: &str, label: &str, values: &[Fixed]) -> AnyView {
        field(self.form, name, label).select(None, &owned(values))
    }

    /// A closed list whose value may be missing.
    pub fn optional_choice(&self, name: &str, label: &str, empty: &'static str, values: &[Fixed]) -> AnyView {
        field(self.form, name, label).select(Some(empty), &owned(values))
    }

    /// The fields of the registered facts; those that are shown at once, or the others.
    pub fn facts(&self, kind: ObjectKind, common: bool, skip: &[&str]) -> Vec<AnyView> {
        attributes_of(kind)
            // What has pages of its own is written there; a form that does not show a fact keeps it.
            .filter(|attribute| attribute.common == common && !has_own_page(attribute))
            .filter(|attribute| !skip.contains(&attribute.name))
            .map(|attribute| self.fact(attribute))
            .collect()
    }

    /// The fields of some registered facts, in the order given.
    pub fn only_facts(&self, kind: ObjectKind, names: &[&str]) -> Vec<AnyView> {
        names.iter().filter_map(|name| attribute(kind, name)).map(|attribute| self.fact(attribute)).collect()
    }

    /// The fields of the registered facts of a row, whose names begin so.
    pub fn facts_of_row(&self, kind: ObjectKind, prefix: &str) -> Vec<AnyView> {
        // The name on the wire stands among the properties of a row.
        attributes_of(kind)
            .filter(|attribute| (kind, attribute.name) != (ObjectKind::FlowField, "field_name"))
            .map(|attribute| self.fact_named(attribute, format!("{prefix}fact.{}", attribute.name)))
            .collect()
    }

    fn fact(&self, attribute: &Attribute) -> AnyView {
        self.fact_named(attribute, format!("fact.{}", attribute.name))
    }

    fn fact_named(&self, attribute: &Attribute, name: String) -> AnyView {
        let hint = match attribute.kind {
            FactType::Integer(unit) if !unit.is_empty() => {
                format!("{} In {unit}.", attribute.hint).trim_start().to_owned()
            }
            FactType::Texts if attribute.hint.is_empty() => "Divided by semicolons.".to_owned(),
            _ => attribute.hint.to_owned(),
        };
        let values = options::of_attribute(attribute, self.model);
        let it = field(self.form, name.clone(), attribute.label).hint(hint);
        let line = Input { most: limit(TEXT_MAX), ..Input::default() };
        let proposals = proposals(attribute, self.model);
        if !proposals.is_empty() {
            return it.with_proposals(&proposals);
        }
        match attribute.kind {
            FactType::References(_) => several(it, self.form, &name, &values),
            FactType::LongText | FactType::Structure => it.area_of(limit(LONG_TEXT_MAX)),
            FactType::Bool => it.select(Some("Unknown"), &values),
            FactType::Choice(_) => it.select(Some("None"), &values),
            FactType::Reference(_) => one_of(it, "None", &values),
            FactType::Choices(_) => {
                let chosen =
                    self.form.values(&name).flat_map(|text| text.split(';')).map(|it| it.trim().to_owned()).collect();
                it.choices(&values, chosen)
            }
            FactType::Integer(_) => it.input(Input { class: "short number", most: 15, ..line }),
            FactType::Day => it.input(Input { kind: "date", class: "short", ..Input::default() }),
            FactType::Text | FactType::Texts | FactType::Integers(_) | FactType::Instant | FactType::Evidence => {
                it.input(line)
            }
        }
    }

    /// The rows of a group, with empty ones to fill in.
    pub fn rows(&self, group: &Group, empty: u32, skip: &[u32]) -> AnyView {
        let shown = self.form.rows(group.name);
        let next = shown.last().map_or(0, |number| number.saturating_add(1));
        let numbers = shown.into_iter().filter(|number| !skip.contains(number)).chain(next..next.saturating_add(empty));
        let rows: Vec<_> = numbers.map(|number| self.row(group, &number.to_string())).collect();
        let blank = Editor { form: &FormState::default(), model: self.model }.row(group, NUMBER);
        let word = group.word;
        view! {
            <RepeatingRows>
                <div class="stack">
                    <div class="stack tight" data-rows="">{rows}</div>
                    <template>{blank}</template>
                    <div class="button-row">
                        <button class="button" name="action" value="more" formnovalidate=true data-add="">
                            {icon("plus")}{format!("Add another {word}")}
                        </button>
                    </div>
                </div>
            </RepeatingRows>
        }
        .into_any()
    }

    /// One row: an element in a form, and folded what else can be said of it.
    fn row(&self, group: &Group, number: &str) -> AnyView {
        let name = |part: &str| format!("{}.{number}.{part}", group.name);
        let on_wire = group.kind == ObjectKind::FlowField;
        let remove = view! {
            <button class="button quiet small" type="button" hidden=true data-remove="">
                {icon("delete")}{format!("Remove this {}", group.word)}
            </button>
        };
        let ops = (!on_wire).then(|| {
            field(self.form, name("ops"), "What it does with it").choices(&owned(&options::ops()), Vec::new())
        });
        let label = format!("{} {}", capital(group.word), ordinal(number));
        let wire = self.form.value(&name("wire"));
        let more =
            if wire.is_empty() { "More about it".to_owned() } else { format!("More about it, on the wire {wire}") };
        view! {
            <div class="card" role="group" aria-label=label data-row=number.to_owned()>
                <div class="field-row">
                    {self.element(&name("element"))}
                    {self.choice(&name("form"), "Form", &options::forms())}
                </div>
                {ops}
                <details open=self.form.has_errors_in(&name(""))>
                    <summary>{more}</summary>
                    <div class="field-row">{self.more(&name, on_wire)}</div>
                </details>
                <details open=self.form.has_errors_in(&name("fact."))>
                    <summary>{if on_wire { "Why it is sent" } else { "Purpose, retention and protection" }}</summary>
                    <div class="field-row">{self.facts_of_row(group.kind, &name(""))}</div>
                </details>
                {remove}
            </div>
        }
        .into_any()
    }

    /// The select of an element; empty takes the row away.
    pub fn element(&self, name: &str) -> AnyView {
        field(self.form, name, "Element").select(Some("None"), &options::elements_of(self.model))
    }

    fn more(&self, name: &impl Fn(&str) -> String, on_wire: bool) -> AnyView {
        let domains: Vec<(String, String)> =
            options::domains(self.model).into_iter().map(|it| (it, String::new())).collect();
        let mask = Input { most: 19, class: "mono", ..Input::default() };
        let count = Input { most: 15, class: "number", ..Input::default() };
        let records = (!on_wire)
            .then(|| field(self.form, name("records"), "Records").hint("How many, as a whole number.").input(count));
        let live = owned(&[("yes", "Live data"), ("no", "Verified test data")]);
        let wire = on_wire.then(|| {
            let input = Input { most: 300, class: "mono", ..Input::default() };
            field(self.form, name("wire"), "Name on the wire").input(input)
        });
        view! {
            {wire}
            {field(self.form, name("key"), "Key")
                .hint("Of ciphertext or a keyed hash.")
                .select(Some("None"), &options::keys(self.model))}
            {field(self.form, name("mask"), "Mask")
                .hint("d for a digit that is kept, * for one that is removed.")
                .input(mask)}
            {field(self.form, name("domain"), "Token domain").hint("Whose tokens these are.").with_proposals(&domains)}
            {self.optional_choice(&name("alg"), "Hash algorithm", "None", &options::algorithms())}
            {self.optional_choice(&name("phase"), "Authorisation", "As it was", &options::phases())}
            {field(self.form, name("live"), "Data").select(None, &live)}
            {records}
            {(!on_wire).then(|| {
                field(self.form, name("population"), "Cardholders")
                    .hint("A name for the set of cardholders, the same wherever the same people are meant.")
                    .text()
            })}
        }
        .into_any()
    }

    /// The words of a field of a row, for the summary of errors.
    pub fn label_in_row(&self, name: &str) -> Option<String> {
        let (group, rest) = name.split_once('.')?;
        let (number, part) = rest.split_once('.')?;
        let word = match group {
            "holding" => HOLDINGS.word,
            "field" => FIELDS.word,
            _ => return None,
        };
        let part = match part {
            "element" => "element",
            "form" => "form",
            "wire" => "name on the wire",
            "ops" => "what it does with it",
            "records" => "records",
            "key" => "key",
            "mask" => "mask",
            "domain" => "token domain",
            "alg" => "hash algorithm",
            "phase" => "authorisation",
            "live" => "data",
            _ => return None,
        };
        Some(format!("{} {}, {part}", capital(word), ordinal(number)))
    }
}

/// The most objects that are offered as checkboxes; of more, the keys are written.
const TICKED: usize = 60;

/// Any number of objects: ticked where they are few, their keys written where they are many.
pub(super) fn several(field: Field<'_>, form: &FormState, name: &str, options: &[(String, String)]) -> AnyView {
    let listed = |text: &str| options.iter().any(|(key, _)| key == text);
    let mut chosen: Vec<String> = Vec::new();
    for text in form.values(name).map(str::trim).filter(|text| !text.is_empty()) {
        let pieces = if listed(text) { vec![text] } else { text.split(';').map(str::trim).collect() };
        chosen.extend(pieces.into_iter().filter(|piece| !piece.is_empty()).map(str::to_owned));
    }
    if options.len() > TICKED || !chosen.iter().all(|key| listed(key)) {
        let hint = "Their keys, divided by semicolons.";
        return field.showing(chosen.join("; ")).more_hint(hint).text();
    }
    if options.is_empty() {
        return field.more_hint("There is none yet.").choices(options, chosen);
    }
    field.choices(options, chosen)
}

/// The most objects that are offered in a list of their own beside each field; of more, the key is written.
const LISTED: usize = 300;

/// One object or none: chosen where they are few enough to send with every field, its key written where they are many.
pub(super) fn one_of(field: Field<'_>, empty: &'static str, options: &[(String, String)]) -> AnyView {
    if options.len() > LISTED { field.more_hint("Its key.").text() } else { field.select(Some(empty), options) }
}

/// What the browser proposes for a fact that is a text because more than records can stand in it.
fn proposals(attribute: &Attribute, model: &Model) -> Vec<(String, String)> {
    match (attribute.object, attribute.name) {
        (ObjectKind::ElementPolicy, "element") => owned(&options::elements()),
        (ObjectKind::TokenDomain, "issuer") | (ObjectKind::Script, "source") => {
            let ours = ("own".to_owned(), "Ourselves".to_owned());
            std::iter::once(ours).chain(options::vendors(model)).collect()
        }
        _ => Vec::new(),
    }
}

/// How many empty rows a form offers: one more where that was asked for, none beside errors.
pub(super) fn empty_rows(request: &Request, otherwise: u32) -> u32 {
    match &request.submitted {
        None => otherwise,
        Some(submitted) => u32::from(submitted.problem.is_none()),
    }
}

/// The words of a registered fact, for the summary of errors.
pub(super) fn fact_label(kind: ObjectKind, name: &str) -> Option<String> {
    let name = name.strip_prefix("fact.").unwrap_or(name);
    attribute(kind, name).map(|attribute| attribute.label.to_owned())
}

/// What somebody else changed meanwhile, beside what was typed here. Saving again keeps what was typed.
pub(super) fn conflict(request: &Request, theirs: &[(String, String)]) -> Option<AnyView> {
    if request.problem() != Some(&Problem::Conflict) {
        return None;
    }
    let yours = &request.submitted.as_ref()?.form;
    let all = |form: &[(String, String)], name: &str| {
        let values: Vec<&str> = form
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
            .collect();
        values.join(", ")
    };
    let mut names: Vec<&str> = yours.iter().map(|(name, _)| name.as_str()).collect();
    names.retain(|name| !matches!(*name, "rev" | "action"));
    names.dedup();
    let rows: Vec<_> = names
        .into_iter()
        .map(|name| (name, all(yours, name), all(theirs, name)))
        .filter(|(_, yours, theirs)| yours != theirs)
        .map(|(name, yours, theirs)| {
            let label = name.trim_start_matches("fact.").replace(['.', '_'], " ");
            view! { <tr><th scope="row">{capital(&label)}</th>{cell("Yours", yours)}{cell("Theirs", theirs)}</tr> }
                .into_any()
        })
        .collect();
    let none = rows.is_empty();
    let table =
        (!none).then(|| small("conflict", "Where the two differ".to_owned(), &["Field", "Yours", "Theirs"], rows));
    let words = if none {
        "Someone saved the same values meanwhile. There is nothing left to do."
    } else {
        "Someone changed this since you opened it. Below is what you typed; saving again keeps yours instead of theirs."
    };
    Some(view! { {problem_box(view! { <p>{words}</p> })}{table} }.into_any())
}

/// The hidden parts of a form: the revision at which the object was seen, and the button that Enter presses.
pub(super) fn beginning(place: &Place) -> AnyView {
    view! {
        {hidden("rev", place.estate.revision.0.to_string())}
        <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
    }
    .into_any()
}

/// Save and cancel.
pub(super) fn buttons(label: &'static str, back: String) -> AnyView {
    view! {
        <div class="button-row">
            <button class="button primary" name="action" value="save">{label}</button>
            <a class="button quiet" href=back>"Cancel"</a>
        </div>
    }
    .into_any()
}

/// Save, save as a proposal, and cancel. Where a proposal is worked on already, saving goes there.
pub(super) fn save_or_propose(request: &Request, label: &'static str, back: String) -> AnyView {
    let propose = request.query("proposal").is_none().then(|| {
        view! { <button class="button" name="action" value="propose">"Propose it instead"</button> }
    });
    view! {
        <div class="button-row">
            <button class="button primary" name="action" value="save">{label}</button>
            {propose}
            <a class="button quiet" href=back>"Cancel"</a>
        </div>
    }
    .into_any()
}

/// A folded part of a form. It opens by itself where something in it is wrong.
pub(super) fn folded(heading: &'static str, open: bool, content: impl IntoView + 'static) -> AnyView {
    view! { <details open=open><summary>{heading}</summary><div class="form-part">{content.into_any()}</div></details> }
        .into_any()
}

/// Pairs of fixed words as options.
pub(super) fn owned(values: &[Fixed]) -> Vec<(String, String)> {
    values.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect()
}

fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Rows are numbered from 0 in the form and from 1 for people.
fn ordinal(number: &str) -> String {
    number.parse::<u32>().map_or_else(|_| number.to_owned(), |it| it.saturating_add(1).to_string())
}

/// What went wrong with a button of the page, such as confirming or deleting.
pub(super) fn not_done(request: &Request) -> Option<AnyView> {
    let problem = request.problem()?;
    let words = match problem {
        Problem::Invalid(errors) if !errors.is_empty() => {
            errors.iter().map(|error| error.code.advice()).collect::<Vec<_>>().join(" ")
        }
        Problem::Conflict => {
            "Someone changed this since you opened it. Look at it once more, then try again.".to_owned()
        }
        other => super::answer::advice(other),
    };
    Some(problem_box(view! { <p>{words}</p> }))
}

/// Deleting, folded so that nobody does it by mistake. The words say what goes, or what stands in the way.
pub(super) fn delete_form(label: &'static str, words: String, action: String, place: &Place) -> AnyView {
    view! {
        <details>
            <summary>{label}</summary>
            <form class="stack tight" method="post" action=action>
                <p>{words}</p>
                {hidden("rev", place.estate.revision.0.to_string())}
                <button class="button danger">{icon("delete")}{label}</button>
            </form>
        </details>
    }
    .into_any()
}
