//! The form of a flow, new or existing.

use domain::id::{FlowId, SystemId};
use domain::model::draft::{NAME_MAX, flow_to_form, options};
use domain::model::flow::Flow;
use domain::model::object::ObjectKind;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::{
    Editor, FIELDS, beginning, conflict, empty_rows, fact_label, folded, one_of, owned, save_or_propose,
};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::rows::Rows;
use super::super::systems::flow_name;
use super::detail::existing;
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;

/// With more systems than this a list to choose from is too long, and names are typed with proposals.
const LONG_LIST: usize = 300;

/// A new flow.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let head = Header::new("Add a flow").below(place.paths.page("flows"), "Flows").view();
    if place.estate.model.systems.is_empty() {
        let first = header::action(place.paths.page("systems/new"), "plus", "Add a system", true);
        let sentence = "A flow goes from one system to another. Add those first.";
        let body = view! { {head}{empty_state("system", "No systems yet", sentence, first)} };
        return Ok(Screen::inside(&place, Section::Inventory, "Add a flow", body));
    }
    let form = request.form(|| {
        let copied = request.query("copy").and_then(|key| place.estate.model.flows.get(key.as_str()).cloned());
        if let Some(flow) = copied {
            return flow_to_form(&flow);
        }
        let end = |name: &str| SystemId::new(request.query(name).unwrap_or_default());
        flow_to_form(&Flow::new(FlowId::new(""), end("from"), end("to")))
    });
    let body = view! {
        {head}
        {request.general_problem()}
        {form.summary(|name| label(&form, &place, name))}
        <form class="form" method="post" action=place.paths.page("flows/new")>
            {beginning(&place)}
            {parts(&request, &form, &place, true)}
            {save_or_propose(&request, "Add the flow", place.paths.page("flows"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Inventory, "Add a flow", body).with_islands())
}

/// An existing flow.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let place = editable(&request).await?;
    let flow = existing(&place, &request)?;
    let stored = flow_to_form(&flow);
    let form = request.form(|| stored.clone());
    let own = place.paths.flow(&flow.id);
    let name = flow_name(&place.estate.model, &flow);
    let head =
        Header::new(format!("Edit {name}")).below(place.paths.page("flows"), "Flows").below(own.clone(), name.clone());
    let body = view! {
        {head.view()}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(|name| label(&form, &place, name))}
        <form class="form" method="post" action=format!("{own}/edit")>
            {beginning(&place)}
            {parts(&request, &form, &place, false)}
            {save_or_propose(&request, "Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Inventory, format!("Edit {name}"), body).with_islands())
}

async fn editable(request: &Request) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(Capability::EditModel) { Ok(place) } else { Err(Problem::Forbidden) }
}

fn parts(request: &Request, form: &FormState, place: &Place, new: bool) -> AnyView {
    let editor = Editor { form, model: &place.estate.model };
    let (names, answered) = wire_names(&editor);
    let wrong = form.has_errors_in("fact.")
        || ["name", "kind", "auth", "encryption", "initiator", "access", "channel", "stage", "id"]
            .iter()
            .any(|it| form.error(it).is_some());
    let rows = view! {
        <p class="hint">"What travels, and in which form. A row without an element is left out."</p>
        {editor.rows(&FIELDS, empty_rows(request, u32::from(!new)), &answered)}
    };
    // Of a new flow the line above says it; who wants to say more of a field, or to take over what is copied, finds rows.
    let rows = if new {
        let open = form.any("field.") || form.has_errors_in("field.") || request.submitted.is_some();
        folded("Fields one by one, with key and mask", open, rows)
    } else {
        view! { <section class="form-part" aria-labelledby="fields"><h2 id="fields">"Fields"</h2>{rows}</section> }
            .into_any()
    };
    let on_the_way_wrong = ON_THE_WAY.iter().any(|name| form.has_errors_in(name));
    view! {
        <div class="field-row">
            {end(&editor, "from", "From", new && form.value("from").is_empty())}
            {end(&editor, "to", "To", new && !form.value("from").is_empty())}
        </div>
        {new.then(|| carries(&editor))}
        {editor.choice("protocol", "Protocol", &options::protocols())}
        {names}
        {rows}
        {folded("Name, kind and protection", !new || wrong, protection(&editor, new))}
        {folded("On the way, credential and timing", on_the_way_wrong, on_the_way(request, &editor, new))}
        {folded("Everything else", wrong, view! {
            <div class="field-row">{editor.facts(ObjectKind::Flow, false, &[])}</div>
        })}
    }
    .into_any()
}

/// What a new flow carries, in one line.
fn carries(editor: &Editor<'_>) -> AnyView {
    let most = u32::try_from(domain::quick::MOST_CHARACTERS).unwrap_or(u32::MAX);
    field(editor.form, "carries", "Carries")
        .hint("Elements divided by commas, for example pan, cvv. A form stands behind: pan encrypted. LAST4 and TOKEN are chips.")
        .optional()
        .input(Input { most, ..Input::default() })
}

fn protection(editor: &Editor<'_>, new: bool) -> AnyView {
    let name = Input { most: u32::try_from(NAME_MAX).unwrap_or(u32::MAX), ..Input::default() };
    let key = new.then(|| {
        let hint = "Part of its address, fixed for good. Made from the two ends where empty.";
        field(editor.form, "id", "Key").hint(hint).input(Input { most: 120, class: "mono", ..Input::default() })
    });
    view! {
        <div class="field-row">
            {field(editor.form, "name", "Name").hint("Where the two ends do not say enough.").optional().input(name)}
            {editor.choice("kind", "Kind", &options::flow_kinds())}
            {editor.choice("encryption", "Encryption", &options::encryptions())}
            {editor.choice("auth", "Authentication", &options::auths())}
            {editor.choice("initiator", "Opened by", &options::initiators())}
            {editor.choice("access", "The network lets through", &options::accesses())}
            {editor.choice("channel", "Medium", &options::channels())}
            {editor.choice("stage", "Stage of life", &options::lifecycles())}
            {editor.facts(ObjectKind::Flow, true, &[])}
        </div>
        {key}
    }
    .into_any()
}

/// The names of the fields of [`on_the_way`].
const ON_THE_WAY: [&str; 9] =
    ["via", "credential", "control", "page", "connector", "actions", "sync", "latency_seconds", "period_minutes"];

const VIA: Rows = Rows {
    group: "via",
    marker: "via",
    legend: "Systems on the way",
    hint: "Proxies, gateways and firewalls that the flow passes, in order. A row without a system is left out.",
    word: "system on the way",
};

/// What the flow passes, what it authenticates with, and how fast it is.
fn on_the_way(request: &Request, editor: &Editor<'_>, new: bool) -> AnyView {
    let (form, model) = (editor.form, editor.model);
    let systems = options::systems(model);
    let count = Input { class: "short number", most: 15, ..Input::default() };
    view! {
        {VIA.view(request, editor, u32::from(new), |editor, prefix| {
            view! {
                <div class="field-row">
                    {one_of(field(editor.form, format!("{prefix}node"), "System"), "None", &systems)}
                    {field(editor.form, format!("{prefix}mode"), "What it does").select(None, &owned(&options::via_modes()))}
                </div>
            }
            .into_any()
        })}
        <div class="field-row">
            {field(form, "credential", "Credential")
                .hint("With which the opening end proves who it is.")
                .select(Some("None"), &options::objects(ObjectKind::Credential, model))}
            {field(form, "control", "Control")
                .hint("That blocks or filters it.")
                .select(Some("None"), &options::objects(ObjectKind::Control, model))}
            {one_of(
                field(form, "page", "Payment page").hint("The system that serves the page from which it starts."),
                "None",
                &systems,
            )}
            {field(form, "connector", "Connector").select(Some("None"), &options::objects(ObjectKind::Connector, model))}
            {editor.optional_choice("sync", "How the ends work together", "Unknown", &options::syncs())}
            {field(form, "latency_seconds", "Takes").hint("In seconds.").input(count)}
            {field(form, "period_minutes", "Runs every").hint("In minutes, of a batch.").input(count)}
        </div>
        {field(form, "actions", "What it does")
            .hint("None ticked: what its credential may do.")
            .choices(&owned(&options::actions()), Vec::new())}
    }
    .into_any()
}

fn end(editor: &Editor<'_>, name: &'static str, label: &'static str, first: bool) -> AnyView {
    let systems = options::systems(editor.model);
    let it = field(editor.form, name, label).required();
    let it = if first { it.focused() } else { it };
    if systems.len() > LONG_LIST {
        it.hint("The key of a system; type a part of it or of the name.").with_proposals(&systems)
    } else {
        it.select(Some("Choose a system"), &systems)
    }
}

/// The names on the wire without an element, each with the two answers it can get; and the numbers of the rows in
/// which answers were posted, which are shown here and not among the other fields.
fn wire_names(editor: &Editor<'_>) -> (Option<AnyView>, Vec<u32>) {
    let form = editor.form;
    let mut names: Vec<&str> =
        form.values("unrecognised").chain(form.values("dismissed")).filter(|it| !it.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return (None, Vec::new());
    }
    let mut next = form.rows("field").last().map_or(0, |number| number.saturating_add(1));
    // Far from the numbers that rows added in the browser will get.
    next = next.saturating_add(1000);
    let mut answered = Vec::new();
    let mut rows = Vec::new();
    for name in names {
        let posted = form.rows("field").into_iter().find(|number| form.value(&format!("field.{number}.wire")) == name);
        let number = posted.unwrap_or_else(|| {
            next = next.saturating_add(1);
            next
        });
        answered.push(number);
        rows.push(wire_name(editor, name, number));
    }
    let view = view! {
        <section class="form-part" aria-labelledby="names">
            <h2 id="names">"Names on the wire without an answer"</h2>
            <p class="hint">
                "Say which element each is, or that it is no payment data. Any of them may be card data."
            </p>
            {rows}
        </section>
    };
    (Some(view.into_any()), answered)
}

fn wire_name(editor: &Editor<'_>, name: &str, number: u32) -> AnyView {
    let dismissed = editor.form.values("dismissed").any(|it| it == name);
    let name = name.to_owned();
    view! {
        <fieldset class="card">
            <legend><code>{name.clone()}</code></legend>
            <input type="hidden" name="unrecognised" value=name.clone()/>
            <input type="hidden" name=format!("field.{number}.wire") value=name.clone()/>
            <div class="field-row">
                {editor.element(&format!("field.{number}.element"))}
                {field(editor.form, format!("field.{number}.form"), "Form").select(None, &owned(&options::forms()))}
                <label class="choice">
                    <input type="checkbox" name="dismissed" value=name checked=dismissed/>
                    <span>"No payment data"</span>
                </label>
            </div>
        </fieldset>
    }
    .into_any()
}

fn label(form: &FormState, place: &Place, name: &str) -> Option<String> {
    let label = match name {
        "from" => "From",
        "to" => "To",
        "carries" => "Carries",
        "id" => "Key",
        "name" => "Name",
        "kind" => "Kind",
        "protocol" => "Protocol",
        "auth" => "Authentication",
        "encryption" => "Encryption",
        "initiator" => "Opened by",
        "access" => "The network lets through",
        "channel" => "Medium",
        "stage" => "Stage of life",
        "credential" => "Credential",
        "control" => "Control",
        "page" => "Payment page",
        "connector" => "Connector",
        "actions" => "What it does",
        "sync" => "How the ends work together",
        "latency_seconds" => "Takes",
        "period_minutes" => "Runs every",
        other => {
            let editor = Editor { form, model: &place.estate.model };
            return editor.label_in_row(other).or_else(|| fact_label(ObjectKind::Flow, other));
        }
    };
    Some(label.to_owned())
}
