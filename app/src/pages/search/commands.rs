//! What can be done and opened by its name: the commands of the search and of the palette.

use domain::command::to_write;
use domain::inventory::{FLOWS, KINDS, Kind, SYSTEMS};
use domain::role::Capability;

use super::super::inventory::one;
use super::super::request::Place;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    /// What it does, in words.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// A few letters that mean it and nothing else; empty where it has none.
    pub code: &'static str,
}

/// The commands that this person may give and whose words contain every word that was typed, or whose letters were typed.
/// What makes something comes before what only leads somewhere.
pub(super) fn matching(place: &Place, text: &str) -> Vec<Command> {
    let wanted = text.trim().trim_start_matches('>').trim().to_lowercase();
    let exact: Vec<Command> = all(place).into_iter().filter(|it| !it.code.is_empty() && it.code == wanted).collect();
    if !exact.is_empty() {
        return exact;
    }
    let holds = |it: &Command| {
        let label = it.label.to_lowercase();
        wanted.split_whitespace().all(|word| label.split_whitespace().any(|part| part.starts_with(word)))
    };
    all(place).into_iter().filter(holds).collect()
}

fn all(place: &Place) -> Vec<Command> {
    let command = |label: &str, href: String, code| Command { label: label.to_owned(), href, code };
    let page = |name: &str| place.paths.page(name);
    let mut commands = Vec::new();
    let lists = || [&SYSTEMS, &FLOWS].into_iter().chain(KINDS);
    for kind in lists().filter(|kind| !kind.is_single() && place.may(to_write(kind.object))) {
        let code = match kind.word {
            "systems" => "c s",
            "flows" => "c f",
            _ => "",
        };
        commands.push(command(&format!("Add {}", one(kind)), format!("{}/new", place.paths.list(kind)), code));
    }
    if place.may(Capability::ManagePeople) {
        commands.push(command("Add a person or team", page("people/new"), ""));
    }
    if place.may(Capability::ImportModel) {
        commands.push(command("Import a file", page("import"), ""));
        commands.push(command("Paste a table", page("paste"), ""));
    }
    for kind in lists().filter(|kind| domain::bulk::is_for(kind) && place.may(to_write(kind.object))) {
        let label = format!("Change several {}", kind.several.to_lowercase());
        commands.push(command(&label, page(&format!("change/{}", kind.word)), ""));
    }
    if place.may(Capability::ExportModel) {
        commands.push(command("Export the model", page("export/model"), ""));
    }
    commands.extend([
        command("Go to home", place.paths.home(), "g h"),
        command("Go to the map", page("map"), "g m"),
        command("Go to the inventory", page("inventory"), "g i"),
        command("Go to fields", page("fields"), "g d"),
        command("Go to findings", page("findings"), "g f"),
        command("Go to the rules", page("rules"), ""),
        command("Go to notices", page("notices"), "g n"),
        command("Go to people and teams", page("people"), "g p"),
    ]);
    if place.works() {
        commands.push(command("Go to the start guide", page("guide"), "g s"));
        commands.push(command("Go to the calendar", page("calendar"), "g c"));
    }
    commands.extend(lists().map(|kind: &'static Kind| {
        command(&format!("Go to {}", kind.several.to_lowercase()), place.paths.list(kind), "")
    }));
    if place.may(Capability::ReadAudit) {
        commands.push(command("Go to the history", page("history"), "g y"));
    }
    if place.may(Capability::ManageWorkspace) {
        commands.push(command("Go to the settings", page("settings"), ""));
    }
    commands
}
