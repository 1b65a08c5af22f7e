//! `plumbline check-config`: the settings in force, and what `serve` would stumble over.

use std::fs::{File, remove_file};
use std::path::Path;

use store::Store;

use super::{Exit, Failure, Streams, data, key};
use crate::config::effective::{Effective, misspelt};
use crate::config::origin::PublicUrl;
use crate::config::{Location, ServeOptions};

/// Prints every setting with where it comes from, and each problem with what to do about it. Nothing is made or changed,
/// and no other machine is asked.
pub(super) fn check(effective: Effective, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Effective { settings, options } = effective;
    let width = |of: fn(&crate::config::effective::Setting) -> &str| {
        settings.iter().map(|it| of(it).chars().count()).max().unwrap_or(0)
    };
    let (options_width, values_width) = (width(|it| &it.option), width(|it| &it.value));
    for setting in &settings {
        let value: String = setting.value.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        let option = &setting.option;
        writeln!(streams.output, "{option:options_width$}  {value:values_width$}  {}", setting.source)?;
    }
    let mut problems = match options {
        Ok(options) => problems(&options),
        Err(wrong) => wrong,
    };
    problems.extend(
        misspelt(std::env::vars_os().map(|(name, _)| name))
            .into_iter()
            .map(|(wrong, right)| format!("{wrong} is no setting and has no effect. Write {right}.")),
    );
    if problems.is_empty() {
        writeln!(streams.output, "No problem was found.")?;
        return Ok(Exit::Done);
    }
    Err(Failure { exit: Exit::Usage, sentences: problems })
}

fn problems(options: &ServeOptions) -> Vec<String> {
    let mut problems = options.check().err().unwrap_or_default();
    let location = &options.location;
    if options.public_url.as_ref().is_some_and(PublicUrl::is_https) && options.trusted_proxy.is_empty() {
        problems.push(
            "Without --trusted-proxy everybody has the address of the proxy, and one limit of tries for all. Name the \
             address from which the proxy connects, for example --trusted-proxy 127.0.0.1."
                .to_owned(),
        );
    }
    if location.is_sqlite() {
        problems.extend(unwritable(&location.data));
    } else {
        problems.extend(database(location).err());
    }
    if let Err(failure) = key::read(location) {
        problems.extend(failure.sentences);
    }
    problems
}

/// Whether the URL of the database can be read. Whether the database answers is what `/readyz` says.
fn database(location: &Location) -> Result<(), String> {
    let place = data::url(location).map_err(|failure| failure.sentences.join(" "))?;
    let Some(url) = place else { return Ok(()) };
    Store::check_url(&url).map_err(|reason| {
        format!("The URL of the database cannot be used: {reason}. Write postgres://USER:PASSWORD@HOST:5432/DATABASE.")
    })
}

/// Why this user cannot keep data in a folder. A folder that is missing is made by `serve`, in the nearest one that is there.
fn unwritable(folder: &Path) -> Option<String> {
    let advice = "Choose a folder that this user may write with --data";
    let there = folder.ancestors().map(|it| if it.as_os_str().is_empty() { Path::new(".") } else { it });
    let nearest = there.into_iter().find(|it| it.exists())?;
    if !nearest.is_dir() {
        return Some(format!("{} is no folder, so no data can be kept there. {advice}.", nearest.display()));
    }
    let trial = nearest.join(format!(".plumbline-{}", hex::encode(crate::http::random::<8>())));
    match File::create_new(&trial).and_then(|_| remove_file(&trial)) {
        Ok(()) => None,
        Err(error) => Some(format!("Nothing can be written into {}: {error}. {advice}.", nearest.display())),
    }
}
