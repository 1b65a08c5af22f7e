//! Which settings would `serve` run with, where does each come from, and which of them cannot be used?
//!
//! The usual reader stops at the first wrong value. Here every value is taken as text first, so that all of them are told.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{ArgAction, OsStringValueParser};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory as _, ValueEnum as _};

use super::mail::MailOptions;
use super::proxy::Network;
use super::{CommandLine, Location, LogFormat, Secret, ServeOptions, address, mebibytes};
use crate::telemetry;

/// The command that asks.
const COMMAND: &str = "check-config";

/// What the environment variables of the program begin with.
const PREFIX: &str = "PLUMBLINE_";

/// One setting as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The option with its dashes.
    pub option: String,
    /// The environment variable that also sets it.
    pub variable: String,
    /// What it is set to; never what is secret.
    pub value: String,
    /// Where that comes from: the command line, the variable, or the program itself.
    pub source: String,
}

/// All settings, and the options that follow from them.
#[derive(Debug)]
pub struct Effective {
    /// In the order of their options.
    pub settings: Vec<Setting>,
    /// The options, or what is wrong with which value and what to write instead.
    pub options: Result<ServeOptions, Vec<String>>,
}

/// The settings, where the arguments ask for them; `None` for any other command, and for arguments that cannot be read at
/// all.
#[must_use]
pub fn asked(arguments: &[OsString]) -> Option<Effective> {
    let mut lenient = lenient();
    let matches = lenient.try_get_matches_from_mut(arguments).ok()?;
    let matches = matches.subcommand_matches(COMMAND)?;
    let command = lenient.find_subcommand(COMMAND)?;
    let mut settings: Vec<Setting> =
        command.get_arguments().filter(|it| it.get_env().is_some()).map(|it| setting(it, matches)).collect();
    settings.sort_by(|one, other| one.option.cmp(&other.option));
    let mut values = Values { matches, wrong: Vec::new() };
    let options = values.options();
    Some(Effective { settings, options: if values.wrong.is_empty() { Ok(options) } else { Err(values.wrong) } })
}

/// Variables that are no settings of ours, and the setting that each is nearly written like.
#[must_use]
pub fn misspelt(environment: impl Iterator<Item = OsString>) -> BTreeMap<String, String> {
    let command = lenient();
    let known: Vec<String> = command
        .find_subcommand(COMMAND)
        .into_iter()
        .flat_map(clap::Command::get_arguments)
        .chain(command.get_arguments())
        .filter_map(|it| it.get_env()?.to_str().map(str::to_owned))
        .collect();
    let ours = environment.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with(PREFIX));
    ours.filter(|name| !known.contains(name))
        .filter_map(|name| {
            let near = known.iter().min_by_key(|it| strsim::damerau_levenshtein(it, &name))?;
            (strsim::damerau_levenshtein(near, &name) <= 2).then(|| (name, near.clone()))
        })
        .collect()
}

fn lenient() -> clap::Command {
    let as_text = |argument: Arg| match argument.get_action() {
        ArgAction::Set | ArgAction::Append => argument.value_parser(OsStringValueParser::new()),
        _ => argument,
    };
    let mut command = CommandLine::command().mut_args(as_text).mut_subcommand(COMMAND, |it| it.mut_args(as_text));
    command.build();
    command
}

fn setting(argument: &Arg, matches: &ArgMatches) -> Setting {
    let id = argument.get_id().as_str();
    let variable = argument.get_env().unwrap_or_default().to_string_lossy().into_owned();
    let values: Vec<String> = matches
        .get_many::<OsString>(id)
        .into_iter()
        .flatten()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let value = match values.as_slice() {
        [] => "(not set)".to_owned(),
        _ if argument.is_hide_env_values_set() => "(set, not shown)".to_owned(),
        values => values.join(","),
    };
    let source = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => "command line".to_owned(),
        Some(ValueSource::EnvVariable) => variable.clone(),
        _ => "default".to_owned(),
    };
    Setting { option: format!("--{}", argument.get_long().unwrap_or(id)), variable, value, source }
}

/// Reads the values one by one, and keeps a sentence about each that cannot be read.
struct Values<'a> {
    matches: &'a ArgMatches,
    wrong: Vec<String>,
}

impl Values<'_> {
    fn options(&mut self) -> ServeOptions {
        let unset = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        self.first("log_format", |text| LogFormat::from_str(text, true).map_err(|_| "write text or json".to_owned()));
        self.first("log", telemetry::filter);
        ServeOptions {
            location: Location {
                data: self.path("data").unwrap_or_default(),
                database: self.first("database", |text| text.parse::<Secret>().map_err(|it| it.to_string())),
                database_file: self.path("database_file"),
                key_file: self.path("key_file"),
            },
            listen: self.first("listen", address).unwrap_or(unset),
            admin_listen: self.first("admin_listen", address).unwrap_or(unset),
            public_url: self.first("public_url", |text| text.parse().map_err(str::to_owned)),
            trusted_proxy: self.all("trusted_proxy", |text| text.parse::<Network>().map_err(str::to_owned)),
            checkpoints: self.path("checkpoints"),
            evidence_limit: self.first("evidence_limit", mebibytes).unwrap_or(1),
            mail: MailOptions {
                smtp_url: self.first("smtp_url", |text| text.parse::<Secret>().map_err(|it| it.to_string())),
                smtp_url_file: self.path("smtp_url_file"),
                mail_folder: self.path("mail_folder"),
                mail_from: self.first("mail_from", |text| Ok(text.to_owned())),
            },
        }
    }

    fn path(&self, id: &str) -> Option<PathBuf> {
        self.matches.get_one::<OsString>(id).map(PathBuf::from)
    }

    fn first<T>(&mut self, id: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.all(id, parse).into_iter().next()
    }

    fn all<T>(&mut self, id: &str, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let mut read = Vec::new();
        for value in self.matches.get_many::<OsString>(id).into_iter().flatten() {
            let text = value.to_string_lossy();
            match parse(&text) {
                Ok(value) => read.push(value),
                Err(advice) => {
                    self.wrong.push(format!("--{} {text} cannot be read: {advice}.", id.replace('_', "-")));
                }
            }
        }
        read
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn effective(arguments: &[&str]) -> Effective {
        let line = ["plumbline", "check-config"].iter().chain(arguments).map(OsString::from);
        asked(&line.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn every_option_of_serve_is_a_setting() {
        let command = CommandLine::command();
        let serve = command.find_subcommand("serve").unwrap();
        let shown: Vec<String> = effective(&[]).settings.into_iter().map(|it| it.option).collect();
        for option in serve.get_arguments().chain(command.get_arguments()) {
            let option = format!("--{}", option.get_long().unwrap());
            assert!(shown.contains(&option) || ["--help", "--version"].contains(&&*option), "{option}: {shown:?}");
        }
    }

    #[test]
    fn every_wrong_value_is_told_at_once() {
        let told = effective(&[
            "--listen",
            "nowhere",
            "--public-url",
            "shop",
            "--trusted-proxy",
            "10.0.0.1,me",
            "--log-format",
            "xml",
            "--log",
            "a=b=c",
        ]);
        let wrong = told.options.unwrap_err().join("\n");
        for part in ["--listen nowhere", "--public-url shop", "--trusted-proxy me", "--log-format xml", "--log a=b=c"] {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
    }

    #[test]
    fn a_variable_that_is_nearly_a_setting_is_found() {
        let names = ["PLUMBLINE_PUBLIC_URI", "PLUMBLINE_LISTEN", "PLUMBLINE_SERVICE_HOST", "PUBLIC_URL"];
        let found = misspelt(names.iter().map(OsString::from));
        let expected = ("PLUMBLINE_PUBLIC_URI".to_owned(), "PLUMBLINE_PUBLIC_URL".to_owned());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [expected]);
    }
}
