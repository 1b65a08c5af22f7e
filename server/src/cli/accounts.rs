//! `plumbline user` and `plumbline setup-token`.

use std::io::{BufRead as _, BufReader};

use domain::id::WorkspaceId;
use domain::problem::{FieldError, Problem};
use domain::role::Role;
use store::NewAccount;

use super::{Failure, Streams, block_on, data};
use crate::config::{AccountOptions, Location, ResetOptions, UserOptions};

/// The characters of a generated password: letters and digits that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Adds an account.
pub(super) fn add(options: &UserOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let membership = membership(options)?;
    let (password, generated) = if options.password_stdin {
        let mut line = String::new();
        BufReader::new(&mut *streams.input)
            .read_line(&mut line)
            .map_err(|error| Failure::usage(format!("The password cannot be read from standard input: {error}.")))?;
        (line.trim_end_matches(['\r', '\n']).to_owned(), false)
    } else {
        (generated_password(), true)
    };
    let account = NewAccount {
        name: options.name.clone(),
        mail: options.mail.clone(),
        password: password.clone(),
        instance_admin: options.instance_admin,
        memberships: membership.into_iter().collect(),
    };
    block_on(async {
        let store = data::open(&options.location).await?;
        let added = store.add_account(&account).await;
        store.close().await;
        added.map_err(refused)
    })?;
    writeln!(streams.output, "The account of {} was added.", options.mail)?;
    if generated {
        writeln!(streams.output, "Password, shown only here: {password}")?;
    }
    Ok(())
}

/// Prints a new set-up token.
pub(super) fn setup_token(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let token = block_on(async {
        let store = data::open(location).await?;
        let token = store.setup_token().await;
        store.close().await;
        token.map_err(data::unavailable)
    })?;
    let Some(token) = token else {
        return Err(Failure::usage(
            "There is an account already, so there is nothing to set up. Sign in, or add an account with `plumbline user add`.",
        ));
    };
    Ok(writeln!(streams.output, "{token}\nOpen /setup#token={token} on the server within 30 minutes.")?)
}

/// Prints a link to a new password.
pub(super) fn reset_link(options: &ResetOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let token = block_on(async {
        let store = data::open(&options.account.location).await?;
        let token = store.reset_token(&options.account.mail).await;
        store.close().await;
        token.map_err(refused)
    })?;
    let base = options.public_url.as_ref().map(ToString::to_string).unwrap_or_default();
    writeln!(streams.output, "{}/reset/{}", base.trim_end_matches('/'), token.expose())?;
    Ok(writeln!(streams.output, "The link works once, for 30 minutes. Hand it over to nobody but the person.")?)
}

/// Takes a lost second factor away.
pub(super) fn remove_second_factor(options: &AccountOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    block_on(async {
        let store = data::open(&options.location).await?;
        let removed = store.remove_second_factor(&options.mail).await;
        store.close().await;
        removed.map_err(refused)
    })?;
    let mail = &options.mail;
    Ok(writeln!(streams.output, "{mail} has no second factor any longer, and was signed out everywhere.")?)
}

fn membership(options: &UserOptions) -> Result<Option<(WorkspaceId, Role)>, Failure> {
    let (Some(workspace), Some(role)) = (&options.workspace, &options.role) else { return Ok(None) };
    let role = role.parse().map_err(|_| {
        let all: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        Failure::usage(format!("--role {role} is no role. Choose one of {}.", all.join(", ")))
    })?;
    let workspace = WorkspaceId::parse(workspace).map_err(|error| {
        Failure::usage(format!("--workspace cannot be used: {error}. Give the key from the address of the workspace."))
    })?;
    Ok(Some((workspace, role)))
}

/// What to say of a problem, in the words of the options.
pub(super) fn refused(problem: Problem) -> Failure {
    match problem {
        Problem::Invalid(errors) => {
            Failure { exit: super::Exit::Usage, sentences: errors.iter().map(sentence).collect() }
        }
        Problem::NotFound => Failure::usage("There is no such workspace. Give the key from its address: /w/KEY."),
        Problem::Broken { incident } => {
            Failure::fault(format!("The store failed; the log has the cause under {incident}."))
        }
        Problem::TooMany(seconds) => Failure::fault(format!("The database is busy. Try again in {seconds} seconds.")),
        Problem::Conflict => Failure::fault("Somebody changed the workspace meanwhile. Try again."),
        Problem::SignedOut | Problem::SecondFactor | Problem::Reauthenticate | Problem::Forbidden => {
            Failure::fault("The operator may not do this.")
        }
    }
}

fn sentence(error: &FieldError) -> String {
    format!("{}: {}", error.field, error.code.advice())
}

/// 24 characters of 5 random bits each.
fn generated_password() -> String {
    crate::http::random::<24>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_password_is_long_and_never_the_same() {
        let (one, other) = (generated_password(), generated_password());
        assert_eq!(one.len(), 24);
        assert_ne!(one, other);
    }
}
