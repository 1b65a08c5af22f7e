//! A blast radius as tables: what is reached, with the path to each thing, and every step of the proof.

use super::{called, listed, name, section, text};
use crate::blast::budget::BudgetCheck;
use crate::blast::facts::{Derivation, Fact, Way};
use crate::blast::radius::Blast;
use crate::blast::start::Start;
use crate::id::SystemId;
use crate::model::Model;
use crate::table::{columns, counted, one_line, path};

/// The blast radius as tables of text. A path names what leads to a thing, nearest to the start first; the steps at the
/// end are the whole proof. The same model gives the same bytes.
#[must_use]
pub fn blast_table(model: &Model, blast: &Blast) -> String {
    let mut report = Report { model, blast, lines: Vec::new() };
    if let Some(footprint) = &blast.footprint {
        report.lines.push(format!("{}: on {}", blast.start, counted(footprint.len(), "place")));
        let rows = footprint.iter().map(|(id, form)| [id.to_string(), name(model, id), form.to_string()]);
        report.lines.extend(columns(["KEY", "NAME", "FORM"], rows));
        return text(report.lines);
    }
    report.summary();
    report.control();
    report.credentials();
    report.data();
    report.touched();
    report.hidden();
    report.budgets();
    report.steps();
    text(report.lines)
}

struct Report<'a> {
    model: &'a Model,
    blast: &'a Blast,
    lines: Vec<String>,
}

impl Report<'_> {
    fn summary(&mut self) {
        let (blast, score) = (self.blast, self.blast.score);
        let start = match &blast.start {
            Start::System { id } => format!("{} ({})", blast.start, name(self.model, id)),
            _ => blast.start.to_string(),
        };
        let heading = format!("Blast radius of {start}: {}, score {}", blast.band(), score.total);
        self.lines.push(one_line(&heading));
        self.lines.push(format!(
            "The score is {} for what is seen, {} for what is controlled, {} for what takes hostile data.",
            score.data, score.control, score.integrity
        ));
        self.lines.push(blast.records_said());
        let clock = &blast.clock;
        if let Some(seconds) = clock.noticed_after_seconds {
            let systems = listed(self.model, &clock.controlled_when_noticed);
            let noticed =
                format!("It is noticed after {} at the earliest; under control by then: {systems}.", time(seconds));
            self.lines.push(one_line(&noticed));
        } else if !blast.control.is_empty() {
            self.lines.push("Nothing under control says how soon it would notice.".to_owned());
        }
    }

    fn control(&mut self) {
        let blast = self.blast;
        let rows = blast.control.iter().map(|(id, it)| {
            let levels: Vec<String> = it.levels.iter().map(ToString::to_string).collect();
            let earliest = blast.clock.earliest_seconds.get(id).map(|seconds| time(*seconds)).unwrap_or_default();
            [
                id.to_string(),
                name(self.model, id),
                levels.join(", "),
                it.hops.to_string(),
                earliest,
                format!("{} %", it.likelihood_permille / 10),
                self.path_to(it.derivation),
            ]
        });
        let table = columns(["KEY", "NAME", "LEVELS", "HOPS", "EARLIEST", "LIKELIHOOD", "PATH"], rows);
        section(&mut self.lines, &format!("Under control: {}", counted(blast.control.len(), "system")), table);
    }

    fn credentials(&mut self) {
        let blast = self.blast;
        let credentials = blast.credentials.iter().map(|(id, step)| {
            let name = self.model.credentials.get(id).map_or_else(String::new, |it| it.name.clone());
            [id.to_string(), name, self.path_to(*step)]
        });
        let credentials = columns(["KEY", "NAME", "PATH"], credentials);
        let keys = blast.keys.iter().map(|(id, step)| {
            let name = self.model.keys.get(id).map_or_else(String::new, |it| it.name.clone());
            [id.to_string(), name, self.path_to(*step)]
        });
        let keys = columns(["KEY", "NAME", "PATH"], keys);
        section(&mut self.lines, &format!("Known credentials: {}", blast.credentials.len()), credentials);
        section(&mut self.lines, &format!("Usable keys: {}", blast.keys.len()), keys);
    }

    fn data(&mut self) {
        let blast = self.blast;
        let rows = blast.data.iter().map(|it| {
            [
                it.element.to_string(),
                it.form.to_string(),
                it.held_as.to_string(),
                it.at.to_string(),
                it.records.map_or_else(|| "unknown".to_owned(), |records| records.to_string()),
                self.path_to(it.derivation),
            ]
        });
        let table = columns(["ELEMENT", "SEEN AS", "HELD AS", "WHERE", "RECORDS", "PATH"], rows);
        section(&mut self.lines, &format!("Seen: {}", counted(blast.data.len(), "sighting")), table);
        let rows = blast
            .actions
            .iter()
            .map(|it| [it.action.to_string(), it.system.to_string(), it.hops.to_string(), self.path_to(it.derivation)]);
        let table = columns(["ACTION", "SYSTEM", "HOPS", "PATH"], rows);
        section(&mut self.lines, "Moves money", table);
        if blast.actions_unknown {
            self.lines.push(String::new());
            self.lines.push("A credential allows actions that nobody listed, so more may be possible.".to_owned());
        }
    }

    fn touched(&mut self) {
        let row = |(id, step): (&SystemId, &usize)| [id.to_string(), name(self.model, id), self.path_to(*step)];
        let integrity = columns(["KEY", "NAME", "PATH"], self.blast.integrity.iter().map(row));
        let exposed = columns(["KEY", "NAME", "PATH"], self.blast.exposed.iter().map(row));
        section(
            &mut self.lines,
            &format!("Take hostile data: {}", counted(self.blast.integrity.len(), "system")),
            integrity,
        );
        let heading = format!("Can be reached, and nothing more: {}", counted(self.blast.exposed.len(), "system"));
        section(&mut self.lines, &heading, exposed);
    }

    fn hidden(&mut self) {
        let edges = &self.blast.hidden_edges;
        let rows = edges.iter().map(|it| [it.0.to_string(), it.1.to_string(), it.2.to_string()]);
        let table = columns(["HOLDER", "OPENS", "CREDENTIAL"], rows);
        section(&mut self.lines, "Edges that no flow shows, in the whole model", table);
    }

    fn budgets(&mut self) {
        let limited = |reached: u64, limit: Option<u64>| match limit {
            Some(limit) => format!("{reached} of {limit}"),
            None => format!("{reached}, no limit"),
        };
        let row = |it: &BudgetCheck| {
            [
                it.budget.function.to_string(),
                limited(it.records_pan, it.budget.max_records_pan),
                limited(it.actions, it.budget.max_actions),
                limited(it.elements, it.budget.max_elements),
                if it.exceeded { "exceeded" } else { "kept" }.to_owned(),
            ]
        };
        let table =
            columns(["FUNCTION", "CARD RECORDS", "ACTIONS", "ELEMENTS", "BUDGET"], self.blast.budgets.iter().map(row));
        section(&mut self.lines, "Budgets", table);
    }

    fn steps(&mut self) {
        let rows = self.blast.derivations.iter().enumerate().map(|(place, it)| {
            let premises: Vec<String> = it.premises.iter().map(|place| (place + 1).to_string()).collect();
            [
                (place + 1).to_string(),
                fact(&it.fact),
                it.rule.label().to_owned(),
                it.way.as_ref().map(|way| self.way(way)).unwrap_or_default(),
                premises.join(", "),
                it.hops.to_string(),
                it.rule.to_string(),
            ]
        });
        let table = columns(["STEP", "WHAT", "BECAUSE", "OVER", "FROM", "HOPS", "RULE"], rows);
        section(&mut self.lines, "Steps", table);
    }

    /// What leads to a step, the step itself last.
    fn path_to(&self, step: usize) -> String {
        let stops: Vec<String> = self.blast.path_to(step).iter().map(|it: &&Derivation| fact(&it.fact)).collect();
        path(&stops)
    }

    fn way(&self, way: &Way) -> String {
        match way {
            Way::Flow(id) => format!("flow {id}"),
            Way::Zone => "the same zone".to_owned(),
            Way::Internet => "the internet".to_owned(),
            Way::Same => "the system itself".to_owned(),
            Way::Manages(how) => format!("manages ({how})"),
            Way::Page(system) => format!("the payment page of {}", called(self.model, system)),
        }
    }
}

fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Control { system, level } => format!("{system} {level}"),
        Fact::Credential { id } => format!("credential {id}"),
        Fact::Key { id } => format!("key {id}"),
        Fact::Data { element, form, at } => format!("{element} {form} at {at}"),
        Fact::Action { action, system } => format!("{action} on {system}"),
        Fact::Integrity { system } => format!("hostile data into {system}"),
        Fact::Exposed { system } => format!("reaches {system}"),
    }
}

/// A time in the largest unit that loses at most a tenth.
fn time(seconds: u64) -> String {
    match seconds {
        0 => "at once".to_owned(),
        1..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
