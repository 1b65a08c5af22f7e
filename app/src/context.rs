//! What the server says about one request before a page is rendered. All of it travels as Leptos context.

use std::str::FromStr;
use std::sync::Arc;

use domain::problem::Problem;
use domain::time::Timestamp;

/// Everything about the request that is not the person's business: who asks is known to the backend.
///
/// The server provides it together with an `Arc<dyn domain::backend::Backend>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageContext {
    /// The nonce of the content security policy of this response.
    pub nonce: Arc<str>,
    /// The files of this build.
    pub assets: AssetNames,
    /// The colours that the person chose.
    pub theme: Theme,
    /// Path and query as requested, to come back to after signing in or changing the theme.
    pub path_and_query: Arc<str>,
    /// The session; absent where nobody is signed in.
    pub sitting: Option<Sitting>,
    /// Whether the server can send mail, so that a forgotten password can be replaced by a link in a message.
    pub sends_mail: bool,
}

/// What pages say about the session that asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// Until when the person has to set up a second factor, where they have none and need one.
    pub second_factor_due: Option<Timestamp>,
    /// Seconds until the session ends, however much it is used.
    pub seconds_left: i64,
    /// Seconds without a request after which it ends, at least.
    pub idle_seconds: i64,
}

/// The paths of the files that a page refers to, each with a hash in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AssetNames {
    /// The style sheet.
    pub css: &'static str,
    /// The script that starts the islands; absent where they were not built.
    pub js: Option<&'static str>,
    /// The islands; present exactly where `js` is.
    pub wasm: Option<&'static str>,
    /// The sprite of icons; one icon is `{icons}#{name}`.
    pub icons: &'static str,
    /// The icon of the site.
    pub favicon: &'static str,
    /// The font that every page shows, worth a preload.
    pub font_latin: &'static str,
}

/// The colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the person's system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All of them, in the order in which the switch shows them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value in the form and in the cookie.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The text is none of the three values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTheme;

impl FromStr for Theme {
    type Err = UnknownTheme;

    fn from_str(text: &str) -> Result<Self, UnknownTheme> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(UnknownTheme)
    }
}

/// A form that was posted and not carried out: the server renders the page again with it, so that nothing typed is
/// lost.
///
/// The page answers with the problem's status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Names and values as posted, in order; a name may repeat. Passwords are left out.
    pub form: Vec<(String, String)>,
    /// Why it was not carried out; `None` where the person asked only for another look at the form, such as one more
    /// row.
    pub problem: Option<Problem>,
}

/// A secret that was made just now: the answer to the form shows it, and nothing ever shows it again.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownOnce(pub String);

impl std::fmt::Debug for ShownOnce {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ShownOnce(..)")
    }
}
