//! The warning before a session ends, for browsers that run scripts. Without them nothing is missing: a form that is sent too
//! late is kept, and goes on after signing in.

use std::sync::Arc;

use leptos::prelude::*;

use crate::context::PageContext;
use crate::ui::icon::icon;

/// Seconds before the end at which the warning shows.
const AHEAD: i64 = 120;

/// The warning, hidden until it is time. One more request from anywhere on the site keeps the session; only signing in
/// again helps where it is too old.
pub(super) fn warning(page: &PageContext) -> Option<AnyView> {
    let sitting = page.sitting?;
    let nonce = Arc::clone(&page.nonce);
    let script = format!("({SCRIPT})({}, {}, {AHEAD});", sitting.idle_seconds, sitting.seconds_left);
    Some(
        view! {
            <aside class="banner" id="session-warning" aria-label="Session" data-tone="warn" hidden=true>
                {icon("circle-alert")}
                <p role="alert"></p>
                <button class="button small" type="button">"Stay signed in"</button>
            </aside>
            <script nonce=nonce inner_html=script></script>
        }
        .into_any(),
    )
}

/// Idle time counts from the last page; other windows of the same browser may have asked for one since, so whoever asks
/// again only asks for more time. Nothing in it comes from anybody but us: two numbers.
const SCRIPT: &str = r#"(idle, left, ahead) => {
const box = document.getElementById("session-warning"), words = box.querySelector("p"), button = box.querySelector("button");
const begun = Date.now();
let seen = begun, shown = "";
const say = (text) => { if (text !== shown) { shown = text; words.textContent = text; } box.hidden = text === ""; };
const look = () => {
const untilIdle = idle - (Date.now() - seen) / 1000, untilEnd = left - (Date.now() - begun) / 1000;
const rest = Math.min(untilIdle, untilEnd);
button.hidden = untilEnd <= ahead || rest <= 0;
if (rest <= 0) say("Your session has ended. What you typed is kept: send it, and sign in when you are asked to.");
else if (rest > ahead) say("");
else if (untilEnd <= ahead) say("Your session ends within two minutes, because it is as old as it may be. Save what you are doing.");
else say("Your session ends within two minutes, because nothing was asked of the server.");
};
button.addEventListener("click", async () => {
try {
const answer = await fetch("/profile", { method: "HEAD", redirect: "manual", cache: "no-store" });
if (answer.ok) { seen = Date.now(); look(); }
} catch { say("The server does not answer. Try again in a moment."); }
});
setInterval(look, 5000);
document.addEventListener("visibilitychange", look);
}"#;
