//! The number used once by which a page's own scripts are told from injected ones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// 128 random bits for one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptNonce(String);

impl ScriptNonce {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self(STANDARD.encode(super::random::<16>()))
    }

    /// As it stands in the header and in the page.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ScriptNonce {
    fn default() -> Self {
        Self::new()
    }
}
