//! One row of a register: what its cells say, what is noted about them, and what stops them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::read::Reader;
use super::scale::{self, Rated};
use super::write::Details;
use super::{Axis, Column, Row, value};
use crate::import::card;
use crate::import::cell::items;
use crate::import::rejection::{Rejection, shortened};
use crate::import::words::is_blank;
use crate::model::draft::NAME_MAX;
use crate::risk::action::Action;
use crate::risk::draft::{CONTROL_MAX, ROWS_MAX, SENTENCE_MAX};
use crate::risk::record::{Effectiveness, InPlace, Link, Risk, RiskKey, Stage, Stand};
use crate::risk::scheme::{Level, Rating, Step};

/// One row, while it is read and afterwards.
pub(super) struct Cells<'r, 'a> {
    reader: &'r Reader<'a>,
    row: &'r Row,
    /// What stops it.
    pub(super) rejections: Vec<Rejection>,
    /// What is read differently from how it is written, or left out.
    pub(super) notes: Vec<String>,
    /// The risk that the register has already.
    pub(super) before: Option<&'a Risk>,
    /// The risk as the row has it.
    pub(super) risk: Risk,
}

/// Tells every text in a value.
fn texts_of(value: &Value, tell: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => tell(text),
        Value::Array(items) => items.iter().for_each(|it| texts_of(it, tell)),
        Value::Object(members) => members.values().for_each(|it| texts_of(it, tell)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl<'r, 'a> Cells<'r, 'a> {
    /// Reads a row to its end, whatever is wrong with it.
    pub(super) fn read(reader: &'r Reader<'a>, row: &'r Row) -> Self {
        let (rejections, notes) = (Vec::new(), Vec::new());
        let mut cells = Self { reader, row, rejections, notes, before: None, risk: Risk::new(RiskKey(0)) };
        cells.check();
        let (key, before) = cells.target();
        let mut risk = before.cloned().unwrap_or_else(|| Risk::new(key));
        cells.texts(&mut risk);
        cells.words(&mut risk);
        cells.people_and_links(&mut risk);
        cells.ratings(&mut risk);
        cells.work(&mut risk);
        cells.details(&mut risk);
        cells.complete(&mut risk);
        cells.check_whole(&risk);
        cells.compare(&risk);
        Self { before, risk, ..cells }
    }

    /// Whether the row has as many cells as there are columns, and none with a card number.
    fn check(&mut self) {
        if self.row.cells.len() != self.reader.header.len() {
            let reason =
                format!("the row has {} cells, and the header {}", self.row.cells.len(), self.reader.header.len());
            self.rejections
                .push(Rejection::of_file(self.reader.file, reason, "give it one cell per column").at(self.row.line));
        }
        for (place, cell) in self.row.cells.iter().enumerate() {
            if self.row.withheld.contains(&place) || card::find(cell).is_some() {
                self.reject_at(place, "there is a full card number in it", "write the mask instead");
            }
            if cell.contains('\0') {
                self.reject_at(place, "there is a character in it that nothing can keep", "remove it");
            }
        }
    }

    /// As [`Self::check`], of what several cells and the escapes in them made together.
    fn check_whole(&mut self, risk: &Risk) {
        if !self.rejections.is_empty() {
            return;
        }
        let mut wrong = None;
        texts_of(&serde_json::to_value(risk).unwrap_or_default(), &mut |text| {
            if card::find(text).is_some() {
                wrong = Some(("the row as a whole has a full card number in it", "write the mask instead"));
            } else if text.contains('\0') {
                wrong = Some(("there is a character in it that nothing can keep", "remove it"));
            }
        });
        if let Some((reason, remedy)) = wrong {
            self.rejections.push(Rejection::of_file(self.reader.file, reason, remedy).at(self.row.line));
        }
    }

    fn reject_at(&mut self, place: usize, reason: impl AsRef<str>, remedy: impl Into<String>) {
        let name = self.reader.header.get(place).map_or("", String::as_str);
        self.rejections.push(Rejection::of_file(self.reader.file, reason, remedy).at(self.row.line).field(name));
    }

    fn reject(&mut self, column: Column, reason: impl AsRef<str>, remedy: impl Into<String>) {
        match self.reader.mapping.places(column).next() {
            Some(place) => self.reject_at(place, reason, remedy),
            None => self.rejections.push(Rejection::of_file(self.reader.file, reason, remedy).at(self.row.line)),
        }
    }

    /// The cells that mean this and say something.
    fn all(&self, column: Column) -> Vec<&'r str> {
        let cell = |place: usize| self.row.cells.get(place).map(String::as_str).filter(|cell| !is_blank(cell));
        self.reader.mapping.places(column).filter_map(cell).collect()
    }

    fn one(&self, column: Column) -> Option<&'r str> {
        self.all(column).into_iter().next()
    }

    /// Which risk it is: by our key, else by what the file calls it, else a new one.
    fn target(&mut self) -> (RiskKey, Option<&'a Risk>) {
        let reader = self.reader;
        let given = self.one(Column::Key).map(|text| (text, text.parse::<RiskKey>()));
        if let Some((text, Err(_))) = given {
            self.reject(
                Column::Key,
                format!("{:?} is no key", shortened(text)),
                "write it as R-12, or leave the column out",
            );
        }
        if let Some((text, Ok(key))) = &given
            && key.0 > reader.highest
        {
            self.reject(
                Column::Key,
                format!("{} is far above the keys of this register", shortened(text)),
                "leave the key out, and the row gets the next one",
            );
        }
        let reference = self.one(Column::Reference);
        let by_reference = || reference.and_then(|text| reader.by_reference.get(text)).copied();
        let key = given.and_then(|(_, key)| key.ok()).or_else(by_reference).unwrap_or(RiskKey(reader.next));
        if let Some(line) = reader.seen.get(&key) {
            self.reject(Column::Key, format!("line {line} is about {key} as well"), "leave one of the two rows");
        } else if let Some(line) = reference.and_then(|it| reader.references.get(it)) {
            self.reject(
                Column::Reference,
                format!("line {line} has the same reference"),
                "give each row one of its own",
            );
        }
        (key, reader.existing.get(&key).map(|it| &**it))
    }

    /// A text as it stands; too long is an error, never cut.
    fn text(&mut self, column: Column, most: usize, between: &str) -> Option<String> {
        let text = self.all(column).join(between);
        if text.chars().count() > most {
            self.reject(column, format!("it is longer than {most} characters"), "shorten it");
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
            self.reject(column, "there is a control character in it", "remove it");
        }
        (!text.is_empty()).then(|| text.replace("\r\n", "\n").replace('\r', "\n"))
    }

    fn texts(&mut self, risk: &mut Risk) {
        for (column, text) in [
            (Column::Cause, &mut risk.cause),
            (Column::Event, &mut risk.event),
            (Column::Consequence, &mut risk.consequence),
        ] {
            if let Some(read) = self.text(column, SENTENCE_MAX, "; ") {
                *text = read;
            }
        }
        if let Some(title) = self.text(Column::Title, NAME_MAX, " ") {
            risk.title = title.replace('\n', " ");
        } else if risk.title.is_empty() {
            let source = [&risk.event, &risk.cause].into_iter().find(|it| !it.is_empty());
            match source {
                Some(text) => {
                    let line = text.lines().next().unwrap_or_default();
                    risk.title = line.chars().take(NAME_MAX).collect();
                    self.notes.push("There is no title: the beginning of the description is taken.".to_owned());
                }
                None => self.reject(Column::Title, "the row does not say what the risk is", "fill in a title"),
            }
        }
        if let Some(reference) = self.text(Column::Reference, NAME_MAX, " ") {
            risk.reference = Some(reference);
        }
        if let Some(reason) = self.text(Column::OrderReason, SENTENCE_MAX, "; ") {
            risk.order_reason = Some(reason);
        }
    }

    fn words(&mut self, risk: &mut Risk) {
        if let Some(text) = self.one(Column::Category) {
            match value::category(text) {
                Some((category, other)) => {
                    risk.category = Some(category);
                    if other {
                        self.notes.push(format!("Category {:?} is read as {}.", shortened(text), category.label()));
                    }
                }
                None => self.notes.push(format!("Category {:?} is none of ours and is left out.", shortened(text))),
            }
        }
        if let Some(text) = self.one(Column::Treatment) {
            match value::treatment(text) {
                Some(treatment) => risk.treatment = Some(treatment),
                None => {
                    let remedy = "use modify, avoid, share or retain";
                    self.reject(Column::Treatment, format!("{:?} is no treatment", shortened(text)), remedy);
                }
            }
        }
        if let Some(text) = self.one(Column::Stage) {
            match value::stage(text) {
                Some((stage, accepted)) => {
                    risk.stage = stage;
                    if accepted {
                        self.notes.push("It says accepted: it is open until somebody here accepts it.".to_owned());
                    }
                }
                None => {
                    let remedy = "use draft, open, treating or closed";
                    self.reject(Column::Stage, format!("{:?} is no stage", shortened(text)), remedy);
                }
            }
        } else if risk.stage == Stage::Draft && !self.reader.existing.contains_key(&risk.key) {
            risk.stage = Stage::Open;
        }
        if let Some(text) = self.one(Column::NextReview)
            && let Some(day) = self.day(Column::NextReview, text)
        {
            risk.next_review = Some(day);
        }
        if let Some(text) = self.one(Column::ClosingEvidence) {
            risk.closing_evidence = items(text);
        }
    }

    fn day(&mut self, column: Column, text: &str) -> Option<crate::time::Day> {
        match value::day(text) {
            Some((day, long)) => {
                if long {
                    self.notes.push(format!("{:?} is read as its last day, {day}.", shortened(text)));
                }
                Some(day)
            }
            None => {
                self.reject(column, format!("{:?} is no day", shortened(text)), "write it as 2026-11-21 or Q4-2026");
                None
            }
        }
    }

    fn people_and_links(&mut self, risk: &mut Risk) {
        for (column, person) in [(Column::Owner, &mut risk.owner), (Column::Deputy, &mut risk.deputy)] {
            let Some(text) = self.one(column) else { continue };
            match self.reader.people.get(&text.trim().to_lowercase()) {
                Some(known) => *person = Some(known.clone()),
                None => self.notes.push(format!(
                    "{} {:?} is nobody of this workspace and is left out.",
                    column.label(),
                    shortened(text)
                )),
            }
        }
        let mut links: BTreeSet<Link> = BTreeSet::new();
        let mut said = false;
        for item in self.all(Column::Links).into_iter().flat_map(items) {
            said = true;
            let by_name = || self.reader.systems.get(&item.trim().to_lowercase()).cloned().map(Link::Object);
            let known = |link: &Link| match link {
                Link::Object(object) => self.reader.model.get(object).is_some(),
                Link::Element(_) | Link::Finding(_) => true,
            };
            match Link::parse(&item).filter(|link| known(link) || risk.links.contains(link)).or_else(by_name) {
                Some(link) => drop(links.insert(link)),
                None => self.notes.push(format!("{:?} is not on the map and is left out.", shortened(&item))),
            }
        }
        if said && !links.is_empty() {
            risk.links = links;
        }
    }

    fn ratings(&mut self, risk: &mut Risk) {
        let columns = [
            (Stand::Inherent, [Column::InherentLikelihood, Column::InherentImpact]),
            (Stand::Residual, [Column::ResidualLikelihood, Column::ResidualImpact]),
            (Stand::Target, [Column::TargetLikelihood, Column::TargetImpact]),
        ];
        for (stand, [likelihood, impact]) in columns {
            let wanted = self.one(likelihood).is_some() || self.one(impact).is_some();
            let steps = [self.step(Axis::Likelihood, likelihood), self.step(Axis::Impact, impact)];
            match steps {
                [Some(likelihood), Some(impact)] => {
                    let rating = Rating::new(self.reader.register.scheme, likelihood, impact);
                    // The factors behind a rating stay where the rating does.
                    let same = |old: &Rating| (old.likelihood(), old.impact()) == (likelihood, impact);
                    if !risk.rating(stand).as_ref().is_some_and(same) {
                        *risk.rating_mut(stand) = rating;
                    }
                }
                [one, _] if wanted => {
                    let column = if one.is_none() { likelihood } else { impact };
                    if self.one(column).is_none() {
                        self.reject(column, "only one of likelihood and impact is there", "fill in both, or neither");
                    }
                }
                _ => {}
            }
        }
        if let Some(stand) = risk.out_of_order(self.reader.register.scheme)
            && risk.order_reason.is_none()
        {
            let column = if stand == Stand::Residual { Column::ResidualImpact } else { Column::TargetImpact };
            let remedy = "lower it, or map a column that says why";
            self.reject(column, format!("the {stand} level lies above the one before it"), remedy);
        }
    }

    /// A step on the register's scale. What is off the scale of the file is an error, never the end of the scale.
    fn step(&mut self, axis: Axis, column: Column) -> Option<Step> {
        let text = self.one(column)?;
        let scale = self.reader.scales[usize::from(axis == Axis::Impact)]?;
        let Some(rated) = scale::rated(text) else {
            let remedy = format!("write a whole number from {} to {}", scale.lowest, scale.highest);
            self.reject(column, format!("{:?} is no step of a scale", shortened(text)), remedy);
            return None;
        };
        let Some(place) = scale::place(rated, scale) else {
            let reason =
                format!("{:?} lies outside the scale from {} to {}", shortened(text), scale.lowest, scale.highest);
            self.reject(column, reason, "correct the rating, or say that the file has another scale");
            return None;
        };
        match self.reader.answers.of(axis) {
            Some(conversion) => conversion.step(place),
            None => Step::new(place),
        }
    }

    fn work(&mut self, risk: &mut Risk) {
        let controls = self.list(Column::Controls, CONTROL_MAX);
        if !controls.is_empty() {
            let known = |what: &String| risk.controls.iter().find(|it| it.what == *what).cloned();
            let new = |what: String| InPlace { what, effectiveness: Effectiveness::Unknown, evidence: None };
            risk.controls = controls.into_iter().map(|what| known(&what).unwrap_or_else(|| new(what))).collect();
        }
        let due = self.one(Column::ActionDue).and_then(|text| self.day(Column::ActionDue, text));
        let actions = self.list(Column::Actions, SENTENCE_MAX);
        let mut next = risk.actions.iter().map(|it| it.number).max().unwrap_or(0).saturating_add(1);
        for what in actions {
            match risk.actions.iter_mut().find(|it| it.what == what) {
                Some(known) => known.due = due.or(known.due),
                None => {
                    risk.actions.push(Action { due, who: risk.owner.clone(), ..Action::new(next, what) });
                    next = next.saturating_add(1);
                }
            }
        }
        if due.is_some() && risk.actions.is_empty() {
            self.notes.push("There is a day for actions, and no action: the day is left out.".to_owned());
        }
    }

    fn list(&mut self, column: Column, most: usize) -> Vec<String> {
        let items: Vec<String> = self.all(column).into_iter().flat_map(items).collect();
        if items.iter().any(|item| item.chars().count() > most) {
            self.reject(column, format!("an item is longer than {most} characters"), "shorten it");
        }
        if items.len() > ROWS_MAX {
            self.reject(column, format!("there are more than {ROWS_MAX} items"), "leave some out");
        }
        items
    }

    /// What an export of ours says beside what people read.
    fn details(&mut self, risk: &mut Risk) {
        let Some(text) = self.one(Column::Details) else { return };
        match serde_json::from_str::<Details>(text) {
            Ok(details) if details.is_ours() => details.put_into(risk),
            Ok(_) | Err(_) => self.reject(Column::Details, "it is not what an export wrote", "leave the column out"),
        }
    }

    /// What is incomplete is a draft: nobody has to make something up for an import.
    fn complete(&mut self, risk: &mut Risk) {
        if risk.stage == Stage::Draft {
            return;
        }
        let missing: Vec<&str> = [
            ("what may happen", risk.event.is_empty()),
            ("a category", risk.category.is_none()),
            ("an owner", risk.owner.is_none()),
            ("a rating", risk.current().is_none()),
            ("evidence for closing it", risk.stage == Stage::Closed && risk.closing_evidence.is_empty()),
        ]
        .into_iter()
        .filter_map(|(what, missing)| missing.then_some(what))
        .collect();
        if !missing.is_empty() {
            self.notes.push(format!("It is a draft: {} is missing.", missing.join(", ")));
            risk.stage = Stage::Draft;
        }
    }

    /// Whether the file comes to the same level and number; ours are what counts.
    fn compare(&mut self, risk: &Risk) {
        let scheme = self.reader.register.scheme;
        let Some(level) = risk.level(scheme) else { return };
        if let Some(text) = self.one(Column::Level)
            && let Some(word) = scale::word(text)
            && let Some(theirs) = Level::ALL.get(word)
            && *theirs != level
        {
            self.notes.push(format!("The file says {:?}; here it is {}.", shortened(text), scheme.level_label(level)));
        }
        let number = |column| match scale::rated(self.one(column)?)? {
            Rated::Number(number) => Some(u32::from(number)),
            Rated::Word(_) => None,
        };
        let factors = number(Column::InherentLikelihood).zip(number(Column::InherentImpact));
        let score = self.one(Column::Score).and_then(|text| text.trim().parse::<u32>().ok());
        if let (Some((likelihood, impact)), Some(score)) = (factors, score)
            && likelihood * impact != score
        {
            self.notes
                .push(format!("The file says {score}, but {likelihood} times {impact} is {}.", likelihood * impact));
        }
    }
}
