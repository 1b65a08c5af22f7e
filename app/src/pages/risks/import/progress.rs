//! How far a register is while its rows are read, and what became of it.

use domain::backend::register_imports::RegisterImport;
use domain::id::ImportId;
use leptos::prelude::*;

use super::super::super::request::Place;
use crate::ui::header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::count;

/// How far it is, with a button that stops it.
pub(super) fn reading(place: &Place, id: &ImportId, kept: &RegisterImport, head: AnyView) -> AnyView {
    let (read, total) = kept.read;
    let page = place.paths.register_import(id);
    let words = format!("{read} of {} read and checked", count(total, "row"));
    view! {
        {head}
        <section class="card" aria-labelledby="progress">
            <h2 id="progress">"The rows are being read"</h2>
            <p>
                <progress max=total.max(1).to_string() value=read.to_string() aria-labelledby="progress"></progress>
                " "{words}
            </p>
            <p>"Nothing is written before every row was read. This page shows the newest state by itself."</p>
            <div class="button-row">
                <a class="button" href=page.clone()>"Show the newest state"</a>
                <form method="post" action=page>
                    <button class="button quiet" name="action" value="stop">{icon("close")}"Stop the import"</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

/// What became of it.
pub(super) fn done(place: &Place, kept: &RegisterImport, head: AnyView) -> AnyView {
    let counts = kept.counts;
    let tile = |label: &'static str, count: usize| {
        view! {
            <li>
                <div class="stat">
                    <span class="stat-label">{label}</span>
                    <span class="stat-value">{count.to_string()}</span>
                </div>
            </li>
        }
    };
    view! {
        {head}
        {notice(Tone::Ok, "The risks of the file are in the register.")}
        <ul class="stats" aria-label="What changed">
            {tile("New", counts.new)}
            {tile("Changed", counts.changed)}
            {tile("Unchanged", counts.unchanged)}
            {tile("Left out", counts.rejected)}
        </ul>
        <div class="button-row">
            {header::action(place.paths.page("risks"), "risks", "Go to the register", true)}
            {header::action(place.paths.page("risks/import"), "upload", "Import another file", false)}
        </div>
    }
    .into_any()
}
