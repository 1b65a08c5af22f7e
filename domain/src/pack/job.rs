//! A pack that somebody asked for: from what, for whom, and how far it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::profile::Profile;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::review::seal::SealKey;
use crate::schedule::plan::numbered_key;
use crate::snapshot::SnapshotKey;
use crate::text::text_enum;

/// The longest reason for a release, in characters.
pub const REASON_MAX: usize = 1_000;

/// The fields of the form that asks for a pack.
pub const PACK_FIELDS: [&str; 2] = ["of", "profile"];

numbered_key! {
    /// The number of a pack, written `PACK-3`, from 1.
    PackNumber, "PACK-", NoPackNumber
}

text_enum! {
    /// How far a pack is.
    PackState {
        Waiting = "waiting": "Waits",
        Making = "making": "Is being made",
        /// Until a second person releases it.
        Stopped = "stopped": "Stopped: card numbers",
        Done = "done": "Finished",
        Cancelled = "cancelled": "Cancelled",
        Failed = "failed": "Failed",
    }
}

impl PackState {
    /// Whether it is not decided yet what becomes of it.
    #[must_use]
    pub const fn is_going_on(self) -> bool {
        matches!(self, Self::Waiting | Self::Making)
    }
}

/// What a pack is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackOrigin {
    /// What was sealed.
    Seal(SealKey),
    /// A snapshot that nobody signed: a draft.
    Snapshot(SnapshotKey),
    /// The state of now: a draft.
    Now,
}

impl PackOrigin {
    /// Whether every page of the pack says that it is a draft.
    #[must_use]
    pub const fn is_draft(self) -> bool {
        !matches!(self, Self::Seal(_))
    }
}

impl fmt::Display for PackOrigin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seal(key) => key.fmt(out),
            Self::Snapshot(key) => key.fmt(out),
            Self::Now => out.write_str("now"),
        }
    }
}

/// A text names nothing that a pack is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the key of a seal or a snapshot, or now")]
pub struct NoPackOrigin;

impl FromStr for PackOrigin {
    type Err = NoPackOrigin;

    fn from_str(text: &str) -> Result<Self, NoPackOrigin> {
        if text == "now" {
            return Ok(Self::Now);
        }
        let seal = text.parse().ok().map(Self::Seal);
        seal.or_else(|| text.parse().ok().map(Self::Snapshot)).ok_or(NoPackOrigin)
    }
}

/// A pack that somebody wishes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackWish {
    /// From what it is made.
    pub origin: PackOrigin,
    /// For whom.
    pub profile: Profile,
}

impl PackWish {
    /// Reads the form that asks for a pack.
    ///
    /// # Errors
    /// Every field that does not say what it should.
    pub fn from_form(value: impl Fn(&str) -> String) -> Result<Self, Problem> {
        let origin = value("of").parse();
        let profile = value("profile").parse();
        match (origin, profile) {
            (Ok(origin), Ok(profile)) => Ok(Self { origin, profile }),
            (origin, profile) => {
                let wrong = |field: &str, is: bool| is.then(|| FieldError::new(field, FieldCode::NotInList));
                let errors = [wrong("of", origin.is_err()), wrong("profile", profile.is_err())];
                Err(Problem::Invalid(errors.into_iter().flatten().collect()))
            }
        }
    }
}

/// The reason for which a pack is released.
///
/// # Errors
/// `Missing`, `TooLong` and `ControlCharacter` of the field `reason`.
pub fn reason_from_form(text: &str) -> Result<String, Problem> {
    let reason = text.trim().replace("\r\n", "\n");
    let wrong = match reason.chars().count() {
        0 => Some(FieldCode::Missing),
        long if long > REASON_MAX => Some(FieldCode::TooLong(u32::try_from(REASON_MAX).unwrap_or(u32::MAX))),
        _ if reason.chars().any(|it| it.is_control() && it != '\n') => Some(FieldCode::ControlCharacter),
        _ => None,
    };
    wrong.map_or(Ok(reason), |code| Err(Problem::field("reason", code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_asks_for_a_seal_a_snapshot_or_now() {
        for (of, is_draft) in [("SEAL-2", false), ("snap-3", true), ("now", true)] {
            let wish = PackWish::from_form(|name| if name == "of" { of } else { "auditor" }.to_owned());
            let wish = wish.unwrap_or_else(|problem| panic!("{of}: {problem:?}"));
            assert_eq!((wish.origin.to_string().as_str(), wish.origin.is_draft()), (of, is_draft));
        }
        let Err(Problem::Invalid(errors)) = PackWish::from_form(|_| "../x".to_owned()) else { panic!("it was taken") };
        assert_eq!(errors.len(), 2);
    }

    #[test]
    fn a_release_has_a_reason() {
        assert_eq!(reason_from_form(" An order number.\r\n"), Ok("An order number.".to_owned()));
        for bad in ["", "  ", "a\0", &"x".repeat(REASON_MAX + 1)] {
            assert!(reason_from_form(bad).is_err());
        }
    }
}
