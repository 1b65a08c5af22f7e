//! The keys that sign packs: what whoever verifies one must know from elsewhere.

use domain::backend::packs::Signer;
use domain::pack::signature::{fingerprint, line};
use leptos::prelude::*;

use crate::ui::table::{cell, count, small};

/// The keys, newest first.
pub(super) fn section(all: &[Signer]) -> Option<AnyView> {
    let heads = ["Fingerprint and public key", "Since (UTC)", "Until (UTC)"];
    let mut until = None;
    let rows: Vec<AnyView> = all
        .iter()
        .map(|it| {
            let (print, since) = (fingerprint(&it.public), it.since.to_string());
            let ended = until.replace(since.clone()).map_or_else(
                || "now".into_any(),
                |it| view! { <time datetime=it.clone()>{it.clone()}</time> }.into_any(),
            );
            view! {
                <tr>
                    <th scope="row"><code class="hash">{print}</code><div class="meta"><code class="hash">{line(&it.public)}</code></div></th>
                    {cell("Since (UTC)", view! { <time datetime=since.clone()>{since.clone()}</time> })}
                    {cell("Until (UTC)", ended)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table = small("pack-keys", count(all.len(), "key"), &heads, rows);
    (!all.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="keys">
                <h2 id="keys">"Keys that sign packs"</h2>
                <p class="lead">
                    "Tell the auditor the fingerprint on another way than with the pack, on paper or by telephone: with it they know "
                    "that a pack is from here. Packs that an older key signed verify with that one."
                </p>
                {table}
            </section>
        }
        .into_any()
    })
}
