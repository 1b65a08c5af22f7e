//! A flow in one line: `checkout > psp : pan, cvv @https mtls`.
//!
//! What stands left and right of `>` are systems by key or name, after `:` what the flow carries, each element by its key,
//! its name or the word of its chip, with a form behind it where it is not clear; after `@` protocol, authentication and
//! encryption in any order. The line becomes the fields of the flow's form, so there is one reader of what a person says
//! of a flow, and a second line of errors for none of it.

use std::fmt;
use std::str::FromStr;

use crate::id::SystemId;
use crate::model::Model;
use crate::model::card_number::looks_like_card_number;
use crate::model::catalogue::{self, catalogue};
use crate::model::draft::chip_label;
use crate::model::draft::options::is_own_element;
use crate::model::element::{Form, Holding};
use crate::model::relations::{Auth, Encryption, Protocol};
use crate::problem::{FieldCode, Problem};

/// A line has at most so many characters, and names at most so many elements.
pub const MOST_CHARACTERS: usize = 500;
/// See [`MOST_CHARACTERS`].
pub const MOST_FIELDS: usize = 40;

/// A line that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickFlow {
    /// The system that sends.
    pub from: SystemId,
    /// The system that receives.
    pub to: SystemId,
    /// What it carries, in the order of the line, each element in a form once.
    pub fields: Vec<Carried>,
    /// The protocol, where the line names one.
    pub protocol: Option<Protocol>,
    /// How the sender proves who it is, where the line says so.
    pub auth: Option<Auth>,
    /// How it is encrypted, where the line says so or the protocol leaves no choice.
    pub encryption: Option<Encryption>,
}

/// An element on the line, in the form in which it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The element.
    pub element: String,
    /// The form.
    pub form: Form,
    /// Which digits of a card number remain, where the word of the chip says it.
    pub mask: Option<&'static str>,
}

impl Carried {
    fn of(element: &str, form: Form) -> Self {
        Self { element: element.to_owned(), form, mask: None }
    }

    /// The row of the form with this number.
    fn row(&self, number: usize) -> impl Iterator<Item = (String, String)> {
        let pair = |part: &str, value: String| (format!("field.{number}.{part}"), value);
        let mask = self.mask.map(|mask| pair("mask", mask.to_owned()));
        [pair("element", self.element.clone()), pair("form", self.form.to_string())].into_iter().chain(mask)
    }
}

/// Chips that say which digits of a card number remain.
const MASKS: [(&str, &str); 3] =
    [("last4", "************dddd"), ("bin", "dddddd**********"), ("bin last4", "dddddd******dddd")];

impl QuickFlow {
    /// The fields of the form of a new flow.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        let mut form = vec![("from".to_owned(), self.from.to_string()), ("to".to_owned(), self.to.to_string())];
        let mut put = |name: &str, value: Option<String>| {
            form.extend(value.map(|value| (name.to_owned(), value)));
        };
        put("protocol", self.protocol.map(|it| it.to_string()));
        put("auth", self.auth.map(|it| it.to_string()));
        put("encryption", self.encryption.map(|it| it.to_string()));
        form.extend(self.fields.iter().enumerate().flat_map(|(number, carried)| carried.row(number)));
        form
    }
}

/// Why a line is not understood. Nothing of the line is repeated that could be a card number: where digits abound, only
/// the place is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuickError {
    /// There is no `>`.
    NoArrow,
    /// More characters than a line has.
    TooLong,
    /// More elements than a line has.
    TooMany,
    /// Nothing stands left or right of `>`.
    NoSystem(Side),
    /// No system has this key or name.
    UnknownSystem(Side, String),
    /// Several systems have this name.
    SeveralSystems(Side, String),
    /// No element has this key, name or chip.
    UnknownField(String),
    /// Neither protocol nor authentication nor encryption.
    UnknownWord(String),
    /// A protocol, authentication or encryption is said twice.
    SaidTwice(&'static str),
}

/// Which end of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Left of the arrow.
    From,
    /// Right of it.
    To,
}

impl fmt::Display for QuickError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArrow => out.write_str("Put > between the system that sends and the one that receives."),
            Self::TooLong => write!(out, "A line has at most {MOST_CHARACTERS} characters."),
            Self::TooMany => write!(out, "A line names at most {MOST_FIELDS} elements; add the others on the form."),
            Self::NoSystem(Side::From) => out.write_str("Name the system that sends, left of >."),
            Self::NoSystem(Side::To) => out.write_str("Name the system that receives, right of >."),
            Self::UnknownSystem(_, name) => write!(out, "There is no system {}. Add it first.", shown(name)),
            Self::SeveralSystems(_, name) => {
                write!(out, "Several systems are called {}. Write the key of the one you mean.", shown(name))
            }
            Self::UnknownField(name) => {
                write!(
                    out,
                    "There is no element {}. Write its key, its name or its chip, for example PAN.",
                    shown(name)
                )
            }
            Self::UnknownWord(word) => write!(
                out,
                "{} is neither a protocol nor an authentication nor an encryption. Examples: https, mtls, api_key, none.",
                shown(word)
            ),
            Self::SaidTwice(what) => write!(out, "The {what} is said twice."),
        }
    }
}

/// A word of the line in quotes; digits in numbers are never repeated.
fn shown(word: &str) -> String {
    if word.chars().filter(char::is_ascii_digit).count() > 6 {
        return "with so many digits".to_owned();
    }
    let word: String = word.chars().take(60).map(|it| if it.is_control() { ' ' } else { it }).collect();
    format!("\u{201c}{word}\u{201d}")
}

/// Reads a line against a model. All mistakes are told at once, in the order of the line.
///
/// # Errors
/// What is not understood.
pub fn parse(line: &str, model: &Model) -> Result<QuickFlow, Vec<QuickError>> {
    if line.chars().count() > MOST_CHARACTERS {
        return Err(vec![QuickError::TooLong]);
    }
    let Some((from, rest)) = line.split_once('>') else { return Err(vec![QuickError::NoArrow]) };
    let (rest, words) = rest.split_once('@').unwrap_or((rest, ""));
    let (to, fields) = rest.split_once(':').unwrap_or((rest, ""));
    let mut errors = Vec::new();
    let mut end = |text: &str, side| system(text.trim(), side, model).map_err(|error| errors.push(error)).ok();
    let (from, to) = (end(from, Side::From), end(to, Side::To));
    let mut carried: Vec<Carried> = Vec::new();
    for text in fields.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        match field(text, model) {
            Some(known) if !carried.contains(&known) => carried.push(known),
            Some(_) => {}
            None => errors.push(QuickError::UnknownField(text.to_owned())),
        }
    }
    if carried.len() > MOST_FIELDS {
        errors.push(QuickError::TooMany);
    }
    let mut said = Said::default();
    for word in words.split([' ', ',', '\t']).filter(|word| !word.is_empty()) {
        errors.extend(said.word(word).err());
    }
    match (from, to) {
        (Some(from), Some(to)) if errors.is_empty() => Ok(QuickFlow {
            from,
            to,
            fields: carried,
            protocol: said.protocol,
            auth: said.auth,
            encryption: said.encryption.or_else(|| said.protocol.and_then(implied)),
        }),
        _ => Err(errors),
    }
}

/// The form of a new flow in which what the field `carries` says stands as rows of fields: several elements in one line,
/// written as behind the colon of a flow in one line. An element that has a row already is not there twice.
///
/// # Errors
/// `Invalid` with the field `carries`.
pub fn with_carried(form: &[(String, String)], model: &Model) -> Result<Vec<(String, String)>, Problem> {
    let text = form.iter().find(|(name, _)| name == "carries").map_or("", |(_, value)| value.as_str());
    let mut form: Vec<(String, String)> = form.iter().filter(|(name, _)| name != "carries").cloned().collect();
    if looks_like_card_number(text) {
        return Err(Problem::field("carries", FieldCode::CardNumber));
    }
    let number = |name: &str| name.strip_prefix("field.")?.split_once('.')?.0.parse::<usize>().ok();
    let mut next = form.iter().filter_map(|(name, _)| number(name)).max().map_or(0, |last| last.saturating_add(1));
    let mut seen: Vec<Carried> = Vec::new();
    for text in text.split([',', ';']).map(str::trim).filter(|text| !text.is_empty()) {
        let carried = field(text, model).ok_or_else(|| Problem::field("carries", FieldCode::NotElements))?;
        if seen.len() >= MOST_FIELDS {
            return Err(Problem::field("carries", FieldCode::TooMany));
        }
        if !seen.contains(&carried) {
            form.extend(carried.row(next));
            next = next.saturating_add(1);
            seen.push(carried);
        }
    }
    Ok(form)
}

/// A system by its key, else by its name; capitals do not matter.
fn system(text: &str, side: Side, model: &Model) -> Result<SystemId, QuickError> {
    if text.is_empty() {
        return Err(QuickError::NoSystem(side));
    }
    if let Some((id, _)) = model.systems.get_key_value(text) {
        return Ok(id.clone());
    }
    let wanted = text.to_lowercase();
    let mut called = model
        .systems
        .values()
        .filter(|system| system.name.to_lowercase() == wanted || system.id.as_str().to_lowercase() == wanted);
    match (called.next(), called.next()) {
        (Some(only), None) => Ok(only.id.clone()),
        (Some(_), Some(_)) => Err(QuickError::SeveralSystems(side, text.to_owned())),
        (None, _) => Err(QuickError::UnknownSystem(side, text.to_owned())),
    }
}

/// An element by key, name or chip, with the form that the text ends with; clear where it names none.
fn field(text: &str, model: &Model) -> Option<Carried> {
    if let Some((_, mask)) = MASKS.iter().find(|(chip, _)| text.eq_ignore_ascii_case(chip)) {
        return Some(Carried { mask: Some(mask), ..Carried::of("pan", Form::Truncated) });
    }
    if let Some(known) = element(text, model) {
        return Some(known);
    }
    let (name, last) = text.rsplit_once(char::is_whitespace)?;
    let form = last.to_lowercase().parse().ok()?;
    Some(Carried { form, ..element(name.trim(), model)? })
}

fn element(text: &str, model: &Model) -> Option<Carried> {
    let wanted = text.to_lowercase();
    let key = wanted.replace([' ', '-'], "_");
    if catalogue::element(&key).is_some() {
        let (element, form) = catalogue::normalise(&key, None);
        return Some(Carried::of(element, form));
    }
    if is_own_element(model, text) {
        return Some(Carried::of(text, Form::Clear));
    }
    let named = catalogue().elements.iter().find(|it| it.name.to_lowercase() == wanted);
    if let Some(named) = named {
        let (element, form) = named.normalise(None);
        return Some(Carried::of(element, form));
    }
    let plain = catalogue().elements.iter().filter(|it| it.normalises_to.is_none());
    plain.into_iter().find_map(|it| {
        let forms = Form::ALL.iter().copied();
        let chip = |form| chip_label(&Holding::new(it.id.as_str().into(), form, &[])).to_lowercase();
        forms.into_iter().find(|form| chip(*form) == wanted).map(|form| Carried::of(&it.id, form))
    })
}

/// What the words behind `@` say.
#[derive(Default)]
struct Said {
    protocol: Option<Protocol>,
    auth: Option<Auth>,
    encryption: Option<Encryption>,
}

impl Said {
    fn word(&mut self, word: &str) -> Result<(), QuickError> {
        fn once<T>(slot: &mut Option<T>, value: T, what: &'static str) -> Result<(), QuickError> {
            match slot.replace(value) {
                None => Ok(()),
                Some(_) => Err(QuickError::SaidTwice(what)),
            }
        }
        /// A word of one of our lists, with either stroke between its parts.
        fn listed<T: FromStr>(word: &str) -> Option<T> {
            word.parse().or_else(|_| word.replace('-', "_").parse()).ok()
        }
        let lower = word.to_lowercase();
        // What is both is taken for what it says most often: `none` is about encryption, as `tls` is.
        match lower.as_str() {
            "tls" | "encrypted" => return once(&mut self.encryption, Encryption::Transport, "encryption"),
            "unencrypted" | "none" => return once(&mut self.encryption, Encryption::None, "encryption"),
            "unauthenticated" => return once(&mut self.auth, Auth::None, "authentication"),
            "key" => return once(&mut self.auth, Auth::ApiKey, "authentication"),
            _ => {}
        }
        if let Some(protocol) = listed(&lower) {
            return once(&mut self.protocol, protocol, "protocol");
        }
        if let Some(auth) = listed(&lower) {
            return once(&mut self.auth, auth, "authentication");
        }
        if let Some(encryption) = listed(&lower) {
            return once(&mut self.encryption, encryption, "encryption");
        }
        Err(QuickError::UnknownWord(word.to_owned()))
    }
}

/// What a protocol says of the encryption; nothing where it can be both.
const fn implied(protocol: Protocol) -> Option<Encryption> {
    match protocol {
        Protocol::Https | Protocol::MtlsTcp | Protocol::Ssh | Protocol::Sftp | Protocol::Ftps | Protocol::Ldaps => {
            Some(Encryption::Transport)
        }
        Protocol::Http | Protocol::Ftp | Protocol::Telnet => Some(Encryption::None),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::model::draft::flow_from_form;
    use crate::model::object::Object;
    use crate::model::system::System;

    fn model() -> Model {
        let mut model = Model::default();
        for (id, name) in [("checkout", "Checkout service"), ("psp", "PSP adapter"), ("a", "Twin"), ("b", "twin")] {
            model.put(Object::System(Arc::new(System::new(id.into(), name))));
        }
        model
    }

    #[test]
    fn a_line_becomes_a_flow() {
        let quick = parse("checkout > psp : pan, cvv @https mtls", &model()).unwrap();
        let flow = flow_from_form(&quick.form(), None, &model()).unwrap();
        assert_eq!((flow.from.as_str(), flow.to.as_str()), ("checkout", "psp"));
        let fields: Vec<(&str, Form)> = flow.fields.iter().map(|it| (it.element.as_str(), it.form)).collect();
        assert_eq!(fields, [("pan", Form::Clear), ("card_verification_code", Form::Clear)]);
        let how = (flow.protocol, flow.auth, flow.encryption);
        assert_eq!(how, (Protocol::Https, Auth::Mtls, Encryption::Transport));
    }

    #[test]
    fn systems_go_by_name_as_well_and_elements_by_chip_and_form() {
        let quick = parse("PSP Adapter>CHECKOUT:TOKEN,email hashed, pan encrypted,TOKEN", &model()).unwrap();
        assert_eq!((quick.from.as_str(), quick.to.as_str()), ("psp", "checkout"));
        let expected = [("pan", Form::Tokenised), ("email", Form::Hashed), ("pan", Form::Encrypted)];
        assert_eq!(quick.fields, expected.map(|(element, form)| Carried::of(element, form)));
        assert_eq!(quick.encryption, None, "nobody said how");
    }

    #[test]
    fn the_chips_of_a_truncated_number_say_which_digits_remain() {
        let quick = parse("checkout > psp : LAST4, bin", &model()).unwrap();
        let flow = flow_from_form(&quick.form(), None, &model()).unwrap();
        let chips: Vec<String> = flow.fields.iter().map(chip_label).collect();
        assert_eq!(chips, ["LAST4", "BIN"]);
    }

    #[test]
    fn every_mistake_is_told_at_once_and_says_what_to_do() {
        let errors = parse("nobody > twin : shoe size @ https ftp carrier", &model()).unwrap_err();
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "There is no system \u{201c}nobody\u{201d}. Add it first.",
                "Several systems are called \u{201c}twin\u{201d}. Write the key of the one you mean.",
                "There is no element \u{201c}shoe size\u{201d}. Write its key, its name or its chip, for example PAN.",
                "The protocol is said twice.",
                "\u{201c}carrier\u{201d} is neither a protocol nor an authentication nor an encryption. Examples: https, mtls, api_key, none.",
            ]
        );
        assert_eq!(parse("checkout psp", &model()), Err(vec![QuickError::NoArrow]));
        assert_eq!(parse(&"x".repeat(501), &model()), Err(vec![QuickError::TooLong]));
    }

    #[test]
    fn what_a_flow_carries_is_written_in_one_line_of_its_form() {
        let form = |carries: &str| {
            [("from", "checkout"), ("to", "psp"), ("field.0.element", "email"), ("carries", carries)]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let flow =
            flow_from_form(&with_carried(&form("pan, cvv; LAST4, pan"), &model()).unwrap(), None, &model()).unwrap();
        let chips: Vec<String> = flow.fields.iter().map(chip_label).collect();
        assert_eq!(chips.len(), 4, "{chips:?}");
        let refused = |text: &str| with_carried(&form(text), &model()).unwrap_err();
        assert_eq!(refused("pan, shoe size"), Problem::field("carries", FieldCode::NotElements));
        assert_eq!(refused("4111 1111 1111 1111"), Problem::field("carries", FieldCode::CardNumber));
    }

    #[test]
    fn digits_that_could_be_a_card_are_not_repeated() {
        let errors = parse("checkout > psp : 4111 1111 1111 1111", &model()).unwrap_err();
        assert!(!errors[0].to_string().contains("4111"), "{}", errors[0]);
    }

    proptest! {
        #[test]
        fn whatever_somebody_types_is_understood_or_refused(line in "\\PC{0,80}|[a-z >:@,]{0,60}") {
            let model = model();
            match parse(&line, &model) {
                Ok(quick) => {
                    prop_assert!(model.systems.contains_key(&quick.from) && model.systems.contains_key(&quick.to));
                }
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }

        #[test]
        fn what_is_understood_is_what_the_flow_says(
            elements in prop::collection::vec(0..catalogue().elements.len(), 0..6),
            protocol in prop::option::of(prop::sample::select(Protocol::ALL)),
            auth in prop::option::of(prop::sample::select(vec![Auth::Mtls, Auth::ApiKey, Auth::Oauth, Auth::Saml])),
        ) {
            let model = model();
            let keys: Vec<&str> = elements.iter().map(|number| catalogue().elements[*number].id.as_str()).collect();
            let words: Vec<String> =
                protocol.iter().map(ToString::to_string).chain(auth.iter().map(ToString::to_string)).collect();
            prop_assume!(protocol != Some(Protocol::Unknown));
            let line = format!("checkout > psp : {} @ {}", keys.join(", "), words.join(" "));
            let quick = parse(&line, &model).unwrap();
            let flow = flow_from_form(&quick.form(), None, &model).unwrap();
            let carried: Vec<Carried> =
                flow.fields.iter().map(|it| Carried::of(it.element.as_str(), it.form)).collect();
            prop_assert_eq!(carried, quick.fields.clone());
            prop_assert_eq!(flow.protocol, protocol.unwrap_or(Protocol::Unknown));
            prop_assert_eq!(flow.auth, auth.unwrap_or(Auth::Unknown));
        }
    }
}
