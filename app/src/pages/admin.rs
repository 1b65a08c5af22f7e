//! The accounts of the instance, for whoever administers it. No data of any workspace.

use domain::backend::people::AccountEntry;
use domain::id::AccountId;
use domain::problem::Problem;
use leptos::prelude::*;

use super::editor::not_done;
use super::frame::Screen;
use super::request::Request;
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::link::encoded;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

const LEDE: &str =
    "Who can sign in. What they may do in a workspace is decided there, by its owners and administrators.";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let backend = request.backend()?;
    let account = backend.account().await?;
    let accounts = backend.accounts().await?;
    let saved = match request.query("done").as_deref() {
        Some("disabled") => Some(notice(Tone::Ok, "The account is disabled, and its sessions have ended.")),
        Some("enabled") => Some(notice(Tone::Ok, "The account can sign in again.")),
        _ => None,
    };
    let rows = accounts.iter().map(|entry| row(entry, &account.id)).collect();
    let columns = ["Name", "E-mail address", "State", "Change", "New password"];
    let audit = header::action("/admin/audit".to_owned(), "history", "Audit trail", false);
    let body = view! {
        {Header::new("Administration").lede(LEDE).actions(audit).view()}
        {saved}
        {not_done(&request)}
        {made(&request)}
        {small("accounts", count(accounts.len(), "account"), &columns, rows)}
    };
    Ok(Screen::of_account(account, "Administration", body))
}

fn row(entry: &AccountEntry, own: &AccountId) -> AnyView {
    let (state, action, label) =
        if entry.disabled { ("Disabled", "enable", "Enable") } else { ("Enabled", "disable", "Disable") };
    let change = if entry.id == *own {
        view! { <span class="muted">"Your own account"</span> }.into_any()
    } else {
        let words = format!("{label} the account of {}", entry.name);
        view! {
            <form method="post" action=format!("/admin/accounts/{}", encoded(entry.id.as_str()))>
                {hidden("action", action.to_owned())}
                <button class="button small" aria-label=words>{label}</button>
            </form>
        }
        .into_any()
    };
    let link = (!entry.disabled && entry.id != *own).then(|| {
        let words = format!("Make a link to a new password for {}", entry.name);
        view! {
            <form method="post" action=format!("/admin/accounts/{}/reset-link", encoded(entry.id.as_str()))>
                <button class="button small" aria-label=words>"Make a link"</button>
            </form>
        }
    });
    let admin = entry.instance_admin.then(|| view! { <span class="badge">"administers the instance"</span> });
    view! {
        <tr>
            <th scope="row">{entry.name.clone()}" "{admin}</th>
            {cell("E-mail address", entry.mail.clone())}
            {cell("State", state)}
            {cell("Change", change)}
            {cell("New password", link)}
        </tr>
    }
    .into_any()
}

/// The link that was just made. Nobody can see it again: only its hash is kept.
fn made(request: &Request) -> Option<AnyView> {
    let submitted = request.submitted.as_ref().filter(|it| it.problem.is_none())?;
    let (_, link) = submitted.form.iter().find(|(name, _)| name == "link")?;
    Some(
        view! {
            <section class="card" role="status" aria-labelledby="made">
                <h2 id="made">"A link to a new password"</h2>
                <p>
                    "Copy it now and hand it over to nobody but the person: it is not shown again, works once and for 30 \
                     minutes, and ends their sessions. A second factor stays in force."
                </p>
                <div class="field">
                    <label for="reset-link">"Link"</label>
                    <input class="input mono" id="reset-link" type="text" readonly=true value=link.clone()/>
                </div>
            </section>
        }
        .into_any(),
    )
}
