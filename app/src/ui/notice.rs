//! Messages in place, and what stands where there is nothing yet.

use leptos::prelude::*;

use super::icon::icon;

/// The tone of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Info,
    /// Something worked.
    Ok,
    /// Something to look after.
    Warn,
    /// Something did not work.
    Error,
}

impl Tone {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Ok => "circle-check",
            Self::Warn | Self::Error => "circle-alert",
        }
    }
}

/// The result of the last step, or a remark on the page.
#[must_use]
pub fn notice(tone: Tone, message: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="notice" role="status" data-tone=tone.as_str()>{icon(tone.icon())}<p>{message.into_any()}</p></div>
    }
    .into_any()
}

/// One sentence what this is, and what to do first.
#[must_use]
pub fn empty_state(picture: &str, heading: &str, sentence: &str, actions: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="empty-state">
            {icon(picture)}
            <h2>{heading.to_owned()}</h2>
            <p>{sentence.to_owned()}</p>
            <div class="button-row">{actions.into_any()}</div>
        </div>
    }
    .into_any()
}
