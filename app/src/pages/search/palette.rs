//! The search page in a dialog over any page: it opens with Ctrl+K, asks the server while somebody types, and shows what
//! the page would show. Without scripts the box at the top of every page leads to the page itself, which does the same.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::request::Place;
use crate::context::PageContext;

/// The dialog and its script. The script holds nothing that comes from anybody but us: the address is read from the form.
pub(in super::super) fn palette(place: &Place, page: &PageContext) -> AnyView {
    let nonce = Arc::clone(&page.nonce);
    let script = format!("({SCRIPT})();");
    view! {
        <dialog id="palette" class="palette" aria-label="Search and commands">
            <form method="get" action=place.paths.page("search") role="search" aria-label="Search and commands">
                <label class="visually-hidden" for="palette-q">"Search, a command, or a flow in one line"</label>
                <input class="input" id="palette-q" type="search" name="q" autocomplete="off" spellcheck="false"
                    placeholder="Search, > command, or a > b : pan @https"/>
            </form>
            <div class="palette-results" id="palette-results"></div>
            <p class="meta">"Arrow keys move, Enter opens, Escape closes."</p>
        </dialog>
        <script nonce=nonce inner_html=script></script>
    }
    .into_any()
}

/// Answers come as documents in which no script runs. An answer without results is another page, such as the one to sign
/// in, and then the search page itself is opened.
const SCRIPT: &str = r##"() => {
const box = document.getElementById("palette"), input = box.querySelector("input"), out = document.getElementById("palette-results");
const form = box.querySelector("form");
let asked = null, waiting = 0, shown = null, enter = false;
const first = () => out.querySelector("form .primary") || out.querySelector("a[href]");
const go = () => { const it = first(); enter = false; if (it) it.click(); else form.submit(); };
const show = (text) => {
if (asked) asked.abort();
const ask = asked = new XMLHttpRequest();
ask.responseType = "document";
ask.open("GET", form.action + "?q=" + encodeURIComponent(text));
ask.onload = () => {
const found = ask.response && ask.response.getElementById("results");
if (!found) { form.submit(); return; }
shown = text;
out.replaceChildren(...Array.from(found.childNodes, (it) => document.importNode(it, true)));
if (enter) go();
};
ask.onerror = () => { out.textContent = "The server does not answer. Press Enter to try again."; };
ask.send();
};
const open = () => { if (!box.open) { box.showModal(); input.select(); if (shown === null) show(input.value); } };
input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => show(input.value), 150); });
form.addEventListener("submit", (event) => {
event.preventDefault();
clearTimeout(waiting);
if (shown === input.value) go(); else { enter = true; show(input.value); }
});
box.addEventListener("keydown", (event) => {
const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
if (!step) return;
const all = [input, ...out.querySelectorAll("a[href], button")];
const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + step))];
next.focus();
event.preventDefault();
});
box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
const typing = (it) => it instanceof HTMLElement && (it.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(it.tagName));
document.addEventListener("keydown", (event) => {
if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
const key = event.key.toLowerCase();
if (key === "k") { event.preventDefault(); open(); }
else if ((key === "z" || key === "y") && !box.open && !typing(event.target)) {
const undo = document.querySelector(".impact form[action$='/history/take-back'] button");
if (undo) { event.preventDefault(); undo.click(); }
}
});
document.documentElement.dataset.palette = "ready";
}"##;
